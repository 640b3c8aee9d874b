// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "bitify.circom";
include "contexts.circom";
include "usage-commitment.circom";

// One license advances from its old usage word to a new one.
//
// NOTE: new units are checked, and old units and cap only by their differences to them. That is enough, because units
// and cap are the highest parts of their words:
// - The static word fixes the cap: the parts below it are checked, and the ledger's own cap has 64 bits.
// - Old units are above -2^64. Unless `first`, the stored word opens to them, and it was written with units from 0:
//   here as new units, or by the ledger, in a settlement without proof, as uint64. Negative units would be a negative
//   packed word, because the parts below them are checked.
// NOTE: `OfferTotals` checks that the index has 4 bits.
// NOTE: the ledger checks four things: license ids are above 0 and without duplicates, the old word is the stored one,
// new words are not 0, and the signer signed them.
template UsageRow() {
    signal input enabled;
    signal input first;
    signal input licenseId;
    signal input index;
    signal input cap;
    signal input allowedContexts;
    signal input oldUnits;
    signal input oldContexts;
    signal input oldSalt;
    signal input newUnits;
    signal input newContexts;
    signal input newSalt;
    signal output staticWord;
    signal output oldWord;
    signal output newWord;
    signal output increase;

    // A row belongs to a customer or is padding. Only a customer's row can be the first of its license.
    enabled * (enabled - 1) === 0;
    first * (first - enabled) === 0;

    // Each part but the highest must fit its place in the words, or it would change the next one.
    _ <== Num2Bits(64)(licenseId);
    Contexts()(oldContexts, newContexts, allowedContexts);
    staticWord <== licenseId + index * (1 << 64) + allowedContexts * (1 << 68) + cap * (1 << 100);

    // Units never decrease and stay within the cap: a negative difference has more than 64 bits.
    increase <== newUnits - oldUnits;
    _ <== Num2Bits(64)(increase);
    _ <== Num2Bits(64)(newUnits);
    _ <== Num2Bits(64)(cap - newUnits);

    // Before the first settlement there is no old word, and the old usage is 0.
    // Afterwards the old word is not 0, because nobody knows an opening of 0.
    // One equation for both old units and contexts: contexts have 32 bits, so they cannot cancel units.
    signal oldUsage <== UsageCommitment()(licenseId, oldUnits, oldContexts, oldSalt);
    oldWord <== (enabled - first) * oldUsage;
    first * (oldContexts + oldUnits * (1 << 32)) === 0;

    signal newUsage <== UsageCommitment()(licenseId, newUnits, newContexts, newSalt);
    newWord <== enabled * newUsage;

    // Padding is all zero and adds nothing to any total. Only its salts are free.
    (1 - enabled) * staticWord === 0;
    (1 - enabled) * increase === 0;
}

// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "bitify.circom";
include "contexts.circom";
include "usage-commitment.circom";

// One license advances from its old usage word to a new one.
//
// NOTE: old units are not range-checked. Unless `first`, the stored word opens to them, and its units were checked
// before: here as new units, or by the ledger, in a settlement without proof, as uint64.
// NOTE: the ledger checks four things: license ids are above 0 and without duplicates, the old word is the stored one,
// new words are not 0, and the signer signed them.
template UsageRow() {
    signal input enabled;
    signal input first;
    signal input licenseId;
    signal input offerId;
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
    enabled * (1 - enabled) === 0;
    first * (1 - first) === 0;
    first * (1 - enabled) === 0;

    // Each field must fit its place in the static word, or it would change the next one.
    _ <== Num2Bits(64)(licenseId);
    _ <== Num2Bits(64)(offerId);
    _ <== Num2Bits(64)(cap);
    Contexts()(oldContexts, newContexts, allowedContexts);
    staticWord <== licenseId + offerId * (1 << 64) + cap * (1 << 128) + allowedContexts * (1 << 192);

    // Units never decrease and stay within the cap: a negative difference has more than 64 bits.
    increase <== newUnits - oldUnits;
    _ <== Num2Bits(64)(increase);
    _ <== Num2Bits(64)(newUnits);
    _ <== Num2Bits(64)(cap - newUnits);

    // Before the first settlement there is no old word, and the old usage is 0.
    // Afterwards the old word is not 0, because nobody knows an opening of 0.
    signal oldUsage <== UsageCommitment()(licenseId, oldUnits, oldContexts, oldSalt);
    oldWord <== (enabled - first) * oldUsage;
    first * oldUnits === 0;
    first * oldContexts === 0;

    signal newUsage <== UsageCommitment()(licenseId, newUnits, newContexts, newSalt);
    newWord <== enabled * newUsage;

    // Padding is all zero and adds nothing to any total. Only its salts are free.
    (1 - enabled) * staticWord === 0;
    (1 - enabled) * increase === 0;
}

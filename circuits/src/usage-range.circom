// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "bitify.circom";
include "usage-commitment.circom";

// The units in a usage word lie in [min, max]. A proof shows nothing else about them.
//
// NOTE: the verifier of a proof must compare the word with the one stored for this license.
template UsageRange() {
    signal input usage;
    signal input licenseId;
    signal input min;
    signal input max;
    signal input units;
    signal input contexts;
    signal input salt;

    signal opened <== UsageCommitment()(licenseId, units, contexts, salt);
    opened === usage;

    // The same ranges as in a batch, so a proof exists only for words that a batch can have written.
    _ <== Num2Bits(64)(licenseId);
    _ <== Num2Bits(64)(units);
    _ <== Num2Bits(32)(contexts);

    // A negative difference of 64-bit numbers has more than 64 bits.
    _ <== Num2Bits(64)(min);
    _ <== Num2Bits(64)(max);
    _ <== Num2Bits(64)(units - min);
    _ <== Num2Bits(64)(max - units);
}

// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "bitify.circom";
include "usage-commitment.circom";

// The units in a usage word lie in [min, max], and nothing else about them is shown.
//
// NOTE: that the word is the one stored for this license is checked by whoever verifies the proof.
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

    // The same ranges as in a batch: a word that no batch can have written is shown to nobody.
    _ <== Num2Bits(64)(licenseId);
    _ <== Num2Bits(64)(units);
    _ <== Num2Bits(32)(contexts);

    // Of 64-bit numbers, a negative difference has more than 64 bits.
    _ <== Num2Bits(64)(min);
    _ <== Num2Bits(64)(max);
    _ <== Num2Bits(64)(units - min);
    _ <== Num2Bits(64)(max - units);
}

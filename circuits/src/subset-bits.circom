// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

// The bits of a number, each set only where a bit of `of` is set.
//
// NOTE: bits of `of` must be 0 or 1. Each new bit equals 0 or one of them, so it needs no check of its own.
template SubsetBits(BITS) {
    signal input in;
    signal input of[BITS];
    signal output bits[BITS];

    var sum = 0;
    for (var i = 0; i < BITS; i++) {
        bits[i] <-- (in >> i) & 1;
        bits[i] * (bits[i] - of[i]) === 0;
        sum += bits[i] * (1 << i);
    }
    sum === in;
}

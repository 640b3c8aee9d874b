// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "poseidon.circom";

// Poseidon sponge over a vector of fixed length, 15 words at a time. Zeros pad the last block.
//
// NOTE: the length is not absorbed. It is a constant of the instance, and the ledger hashes the instance into r.
template VectorHash(LENGTH) {
    signal input v[LENGTH];
    signal output hash;

    var BLOCKS = (LENGTH + 14) \ 15;
    component blocks[BLOCKS];
    for (var b = 0; b < BLOCKS; b++) {
        blocks[b] = Poseidon(16);
        blocks[b].inputs[0] <== b == 0 ? 0 : blocks[b - 1].out;
        for (var i = 0; i < 15; i++) {
            var j = 15 * b + i;
            blocks[b].inputs[i + 1] <== j < LENGTH ? v[j] : 0;
        }
    }
    hash <== blocks[BLOCKS - 1].out;
}

// The sum of v_j r^j, by Horner's rule.
template VectorAt(LENGTH) {
    signal input v[LENGTH];
    signal input r;
    signal output y;

    signal sums[LENGTH];
    sums[LENGTH - 1] <== v[LENGTH - 1];
    for (var j = LENGTH - 2; j >= 0; j--) {
        sums[j] <== sums[j + 1] * r + v[j];
    }
    y <== sums[0];
}

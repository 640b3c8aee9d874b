// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "bitify.circom";
include "power.circom";
include "vector.circom";

// The total of each offer is the sum of its rows' increases: as polynomials in r, sum of increase_i r^index_i equals sum
// of total_k r^k.
//
// Indexes, increases and totals are fixed before r is known: the vector has indexes and totals, and its usage words
// commit to the increases. So two different polynomials agree at r with a probability of about 16 / p.
// NOTE: the ledger knows the offer of each license. It checks that each row's index is the position of this offer.
template OfferTotals(ROWS, OFFERS) {
    signal input r;
    signal input indexes[ROWS];
    signal input increases[ROWS];
    signal input totals[OFFERS];

    signal squares[4];
    squares[0] <== r;
    for (var j = 1; j < 4; j++) {
        squares[j] <== squares[j - 1] * squares[j - 1];
    }

    component powers[ROWS];
    signal terms[ROWS];
    var sum = 0;
    for (var i = 0; i < ROWS; i++) {
        powers[i] = Power();
        powers[i].index <== indexes[i];
        powers[i].squares <== squares;
        terms[i] <== increases[i] * powers[i].power;
        sum += terms[i];
    }
    signal totalsAtR <== VectorAt(OFFERS)(totals, r);
    sum === totalsAtR;

    component units[OFFERS];
    for (var k = 0; k < OFFERS; k++) {
        units[k] = Uint64();
        units[k].in <== totals[k];
    }
}

// A total has 64 bits, as the ledger pays it.
template Uint64() {
    signal input in;

    _ <== Num2Bits(64)(in);
}

// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "bitify.circom";

// The word of one total. Both halves are range-checked: an offer id above 64 bits would add units.
template OfferTotal() {
    signal input offerId;
    signal input units;
    signal output word;

    _ <== Num2Bits(64)(offerId);
    _ <== Num2Bits(64)(units);
    word <== offerId + units * (1 << 64);
}

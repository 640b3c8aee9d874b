// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "bitify.circom";

// r^index for an index of 4 bits, from r, r^2, r^4 and r^8.
template Power() {
    signal input index;
    signal input squares[4];
    signal output power;

    signal bits[4] <== Num2Bits(4)(index);
    signal factors[4];
    signal products[5];
    products[0] <== 1;
    for (var j = 0; j < 4; j++) {
        factors[j] <== bits[j] * (squares[j] - 1) + 1;
        products[j + 1] <== products[j] * factors[j];
    }
    power <== products[4];
}

// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "bitify.circom";

// As sets of 32 contexts, old is a subset of new, and new is a subset of allowed: a used context stays used, and no
// context is used against the terms.
template Contexts() {
    signal input old;
    signal input new;
    signal input allowed;

    signal oldBits[32] <== Num2Bits(32)(old);
    signal newBits[32] <== Num2Bits(32)(new);
    signal allowedBits[32] <== Num2Bits(32)(allowed);

    for (var i = 0; i < 32; i++) {
        oldBits[i] * (1 - newBits[i]) === 0;
        newBits[i] * (1 - allowedBits[i]) === 0;
    }
}

// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "bitify.circom";
include "subset-bits.circom";

// As sets of 32 contexts, old is a subset of new, and new is a subset of allowed: a used context stays used, and no
// context is used against the terms.
template Contexts() {
    signal input old;
    signal input new;
    signal input allowed;

    signal allowedBits[32] <== Num2Bits(32)(allowed);
    signal newBits[32] <== SubsetBits(32)(new, allowedBits);
    _ <== SubsetBits(32)(old, newBits);
}

// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "bitify.circom";
include "contexts.circom";
include "poseidon.circom";

// Templates with one hole each, to try the tools of these tests.

// An input decides nothing.
template Ignored() {
    signal input in;
    signal input ignored;
    in * (in - 1) === 0;
}

// The bits are bits, but of no particular number.
template LooseBits() {
    signal input in;
    signal output out;
    signal bits[2];
    for (var i = 0; i < 2; i++) {
        bits[i] <-- (in >> i) & 1;
        bits[i] * (bits[i] - 1) === 0;
    }
    out <== in * (in + 1);
}

// A square root is determined but for its sign.
template Root() {
    signal input square;
    signal output root;
    root <-- square == 9 ? 3 : 0;
    root * root === square;
}

// Two equations say the same about two unknown wires. They can change only together.
template Twice() {
    signal input sum;
    signal output a;
    signal output b;
    a <-- sum;
    b <-- 0;
    (a + b - sum) * sum === 0;
    (a + b - sum) * (sum + 1) === 0;
}

// Two equations with one solution. Neither determines it alone.
template Together() {
    signal input x;
    signal output a;
    signal output b;
    a <-- x * x;
    b <-- 0;
    x * x === a + b;
    x * x === a - b;
}

// 254 bits of a number: also the bits of number + p fit.
template AliasedBits() {
    signal input in;
    signal output out[254];
    var sum = 0;
    for (var i = 0; i < 254; i++) {
        out[i] <-- (in >> i) & 1;
        out[i] * (out[i] - 1) === 0;
        sum += out[i] * (1 << i);
    }
    (sum - in) * in === 0;
}

// As a row of a batch, but its packed words have units below contexts. Negative units borrow from contexts.
template UnitsBelowContexts() {
    signal input licenseId;
    signal input cap;
    signal input allowedContexts;
    signal input oldUnits;
    signal input oldContexts;
    signal input oldSalt;
    signal input newUnits;
    signal input newContexts;
    signal input newSalt;
    signal output oldWord;
    signal output newWord;
    signal output increase;

    _ <== Num2Bits(64)(licenseId);
    Contexts()(oldContexts, newContexts, allowedContexts);
    increase <== newUnits - oldUnits;
    _ <== Num2Bits(64)(increase);
    _ <== Num2Bits(64)(newUnits);
    _ <== Num2Bits(64)(cap - newUnits);
    oldWord <== Poseidon(2)([licenseId + oldUnits * (1 << 64) + oldContexts * (1 << 128), oldSalt]);
    newWord <== Poseidon(2)([licenseId + newUnits * (1 << 64) + newContexts * (1 << 128), newSalt]);
}

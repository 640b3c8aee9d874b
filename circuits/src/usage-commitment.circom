// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "poseidon.circom";

// The usage word of private mode: what a signer signs, what the ledger stores, what an opening opens.
//
// The license id is part of it, so that nobody copies the word of another license. The salt hides small counts.
// NOTE: nothing is range-checked here; whoever uses this template checks what its arithmetic needs.
template UsageCommitment() {
    signal input licenseId;
    signal input units;
    signal input contexts;
    signal input salt;
    signal output usage;

    usage <== Poseidon(4)([licenseId, units, contexts, salt]);
}

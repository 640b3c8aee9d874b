// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "poseidon.circom";

// The usage word of private mode: the signer signs it, the ledger stores it, an opening opens it.
//
// It includes the license id, so nobody can copy the word of another license. The salt hides small counts.
// NOTE: nothing is range-checked here. Templates that use this one check the ranges their arithmetic needs.
template UsageCommitment() {
    signal input licenseId;
    signal input units;
    signal input contexts;
    signal input salt;
    signal output usage;

    usage <== Poseidon(4)([licenseId, units, contexts, salt]);
}

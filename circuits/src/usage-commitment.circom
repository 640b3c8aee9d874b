// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "poseidon.circom";

// The usage word of private mode: the signer signs it, the ledger stores it, an opening opens it.
//
// Its packed word includes the license id, so nobody can copy the word of another license. The salt hides small counts.
// NOTE: nothing is range-checked here. Templates that use this one check enough to make the packing unambiguous.
template UsageCommitment() {
    signal input licenseId;
    signal input units;
    signal input contexts;
    signal input salt;
    signal output usage;

    // Units are on top, where a check of their difference to other units is enough: see `UsageRow`.
    signal packed <== licenseId + contexts * (1 << 64) + units * (1 << 96);
    usage <== Poseidon(2)([packed, salt]);
}

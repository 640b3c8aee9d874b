// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "offer-totals.circom";
include "usage-row.circom";
include "vector.circom";

// The usage of many licenses advances, and each offer's total is the sum of its rows' increases.
//
// The vector v holds the totals, then (static, old, new) of each row. The ledger knows it; it is too long for public
// inputs. c commits the prover to its vector before r, a hash over c, is known. If y then equals the ledger's own sum
// of v_j r^j, both have the same vector.
// NOTE: the ledger computes r, the hash of c, v, row count, meter, instance, ledger and chain, and compares y. It also
// checks the offers: each belongs to this meter and ledger. Rows name an offer by its index among the totals.
template UsageBatch(ROWS, OFFERS) {
    signal input r;
    signal input totals[OFFERS];
    signal input enabled[ROWS];
    signal input first[ROWS];
    signal input licenseId[ROWS];
    signal input index[ROWS];
    signal input cap[ROWS];
    signal input allowedContexts[ROWS];
    signal input oldUnits[ROWS];
    signal input oldContexts[ROWS];
    signal input oldSalt[ROWS];
    signal input newUnits[ROWS];
    signal input newContexts[ROWS];
    signal input newSalt[ROWS];
    signal output c;
    signal output y;

    signal v[OFFERS + 3 * ROWS];

    component sums = OfferTotals(ROWS, OFFERS);
    sums.r <== r;
    sums.totals <== totals;
    for (var k = 0; k < OFFERS; k++) {
        v[k] <== totals[k];
    }

    component rows[ROWS];
    for (var i = 0; i < ROWS; i++) {
        rows[i] = UsageRow();
        rows[i].enabled <== enabled[i];
        rows[i].first <== first[i];
        rows[i].licenseId <== licenseId[i];
        rows[i].index <== index[i];
        rows[i].cap <== cap[i];
        rows[i].allowedContexts <== allowedContexts[i];
        rows[i].oldUnits <== oldUnits[i];
        rows[i].oldContexts <== oldContexts[i];
        rows[i].oldSalt <== oldSalt[i];
        rows[i].newUnits <== newUnits[i];
        rows[i].newContexts <== newContexts[i];
        rows[i].newSalt <== newSalt[i];

        v[OFFERS + 3 * i] <== rows[i].staticWord;
        v[OFFERS + 3 * i + 1] <== rows[i].oldWord;
        v[OFFERS + 3 * i + 2] <== rows[i].newWord;

        sums.indexes[i] <== index[i];
        sums.increases[i] <== rows[i].increase;
    }

    c <== VectorHash(OFFERS + 3 * ROWS)(v);
    y <== VectorAt(OFFERS + 3 * ROWS)(v, r);
}

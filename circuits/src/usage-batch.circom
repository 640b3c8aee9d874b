// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "offer-match.circom";
include "offer-total.circom";
include "usage-row.circom";
include "vector.circom";

// The usage of many licenses advances, and each offer's total is the sum of its rows' increases.
//
// The vector v holds the totals, then (static, old, new) of each row. The ledger knows it; it is too long for public
// inputs. c commits the prover to its vector before r, a hash over c, is known. If y then equals the ledger's own sum
// of v_j r^j, both have the same vector.
// NOTE: the ledger computes r, the hash of c, v, row count, meter, instance, ledger and chain, and compares y. It also
// checks the offers: each belongs to this meter and ledger.
template UsageBatch(ROWS, OFFERS) {
    signal input r;
    signal input offerIds[OFFERS];
    signal input enabled[ROWS];
    signal input first[ROWS];
    signal input licenseId[ROWS];
    signal input offerId[ROWS];
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

    component rows[ROWS];
    component matches[ROWS];
    for (var i = 0; i < ROWS; i++) {
        rows[i] = UsageRow();
        rows[i].enabled <== enabled[i];
        rows[i].first <== first[i];
        rows[i].licenseId <== licenseId[i];
        rows[i].offerId <== offerId[i];
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

        matches[i] = OfferMatch(OFFERS);
        matches[i].enabled <== enabled[i];
        matches[i].offerId <== offerId[i];
        matches[i].increase <== rows[i].increase;
        matches[i].offerIds <== offerIds;
    }

    component totals[OFFERS];
    for (var k = 0; k < OFFERS; k++) {
        var units = 0;
        for (var i = 0; i < ROWS; i++) {
            units += matches[i].increases[k];
        }
        totals[k] = OfferTotal();
        totals[k].offerId <== offerIds[k];
        totals[k].units <== units;
        v[k] <== totals[k].word;
    }

    c <== VectorHash(OFFERS + 3 * ROWS)(v);
    y <== VectorAt(OFFERS + 3 * ROWS)(v, r);
}

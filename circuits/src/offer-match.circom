// SPDX-License-Identifier: GPL-3.0-only
pragma circom 2.2.0;

include "comparators.circom";

// Assigns the increase of one row to the total of its offer.
//
// NOTE: the ledger checks offer ids: they are above 0 and strictly increase over the totals.
template OfferMatch(OFFERS) {
    signal input enabled;
    signal input offerId;
    signal input increase;
    signal input offerIds[OFFERS];
    signal output increases[OFFERS];

    component matches[OFFERS];
    var count = 0;
    for (var k = 0; k < OFFERS; k++) {
        matches[k] = IsEqual();
        matches[k].in[0] <== offerId;
        matches[k].in[1] <== offerIds[k];
        increases[k] <== matches[k].out * increase;
        count += matches[k].out;
    }

    // Without a match the increase would be free of charge. With two it would be charged twice.
    enabled * (count - 1) === 0;
}

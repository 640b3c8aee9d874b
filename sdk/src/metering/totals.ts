import type { EventArgs } from "../core/abi.ts";

/** The metered units that settled under an offer, of all its licenses. */
export type OfferTotal = { readonly offerId: bigint; readonly units: bigint };

/** What a private batch says of its offers: id in the lowest 64 bits, units above. */
export function totalsOf({ totals }: EventArgs<"UsageLedger", "PrivateSettled">): OfferTotal[] {
  return totals.map(BigInt).map((total) => ({ offerId: BigInt.asUintN(64, total), units: total >> 64n }));
}

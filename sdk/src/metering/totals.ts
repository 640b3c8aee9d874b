import type { EventArgs } from "../core/abi.ts";

/** Metered units settled under an offer, of all its licenses together. */
export type OfferTotal = { readonly offerId: bigint; readonly units: bigint };

/** The totals of a private batch. The id has the lowest 64 bits, units the rest. */
export function totalsOf({ totals }: EventArgs<"UsageLedger", "PrivateSettled">): OfferTotal[] {
  return totals.map(BigInt).map((total) => ({ offerId: BigInt.asUintN(64, total), units: total >> 64n }));
}

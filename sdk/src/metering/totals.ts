import type { EventArgs } from "../core/abi.ts";

/** What a private batch says of its offers: id in the lowest 64 bits, units above. */
export function totalsOf({ totals }: EventArgs<"UsageLedger", "PrivateSettled">) {
  return totals.map(BigInt).map((total) => ({ offerId: BigInt.asUintN(64, total), units: total >> 64n }));
}

import type { SoldLot } from "../shared/proceeds.ts";

/** Base units of a whole coin, which prices are of. */
export const COIN_UNIT = 10n ** 8n;

/** The amounts that decide a lot's price. */
type LotAmounts = Pick<SoldLot, "coins" | "reserve" | "total">;

/** Base units that a lot sells for what was contributed, as the sale counts them. */
export function soldOf({ coins, reserve, total }: LotAmounts): bigint {
  return total * COIN_UNIT >= coins * reserve ? coins : (total * COIN_UNIT) / reserve;
}

/** Base units of the currency that a whole coin costs for what was contributed so far, rounded up. */
function priceOf({ coins, reserve, total }: LotAmounts): bigint {
  const shared = (total * COIN_UNIT + coins - 1n) / coins;
  return shared > reserve ? shared : reserve;
}

/** A lot as the sale stores it, with what follows from that at this second. */
export function lotAt<L extends LotAmounts & { readonly closesAt: bigint }>(lot: L, now: bigint) {
  const left = lot.closesAt - now;
  return { ...lot, price: priceOf(lot), sold: soldOf(lot), secondsLeft: left > 0n ? left : 0n };
}

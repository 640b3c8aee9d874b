import type { SoldLot } from "../shared/proceeds.ts";

/** Base units of a whole coin. Prices are for a whole coin. */
export const COIN_UNIT = 10n ** 8n;

/** The amounts that decide a lot's price. */
type LotAmounts = Pick<SoldLot, "coins" | "reserve" | "total">;

/** Base units sold for the contributions so far, by the sale's rule. */
export function soldOf({ coins, reserve, total }: LotAmounts): bigint {
  return total * COIN_UNIT >= coins * reserve ? coins : (total * COIN_UNIT) / reserve;
}

/** Price of a whole coin for the contributions so far, rounded up, base units of the currency. */
function priceOf({ coins, reserve, total }: LotAmounts): bigint {
  const shared = (total * COIN_UNIT + coins - 1n) / coins;
  return shared > reserve ? shared : reserve;
}

/** A stored lot with its price and remaining time now. */
export function lotAt<L extends LotAmounts & { readonly closesAt: bigint }>(lot: L, now: bigint) {
  const left = lot.closesAt - now;
  return { ...lot, price: priceOf(lot), sold: soldOf(lot), secondsLeft: left > 0n ? left : 0n };
}

import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type OpenLotParameters = { readonly championId: bigint };
export type OpenLotReturnType = Sent & {
  readonly lotId: bigint;
  /** Base units on sale. */
  readonly coins: bigint;
  /** ERC-20 token to pay in. */
  readonly currency: Address;
  /** Least price of a whole coin, base units of the currency. */
  readonly reserve: bigint;
  /** The programme to be paid. */
  readonly programmeId: bigint;
  /** End of the sale, seconds since 1970. */
  readonly closesAt: bigint;
};

/**
 * Puts a champion's coins on sale for a day, with the unsold rest of its last lot. Anyone may call.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `LotStillOpen`, `StockBelowCoin`, `StandardCurrencyUnset`
 * @example
 * ```ts
 * const { lotId, coins, reserve } = await openLot(client, { championId: 1n });
 * ```
 */
export const openLot = defineWrite({
  contract: "CoinSale",
  method: "open",
  args: ({ championId }: OpenLotParameters) => [checkUint("championId", championId, 32)],
  result: (events) => {
    const { lotId, coins, currency, reserve, programmeId, closesAt } = one(events("CoinSale", "LotOpened"));
    return { lotId, coins, currency, reserve, programmeId, closesAt };
  },
});

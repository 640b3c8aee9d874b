import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkNotEmpty, checkUint } from "../core/check.ts";
import { sumOf } from "../core/lists.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ClaimCoinsParameters = {
  readonly buyer: AddressInput;
  /** Ended lots with a contribution for the buyer, see `listLots`. At least one. */
  readonly lotIds: readonly bigint[];
};
export type ClaimCoinsReturnType = Sent & {
  /** Base units of the coin, of each lot and in all. */
  readonly lots: readonly { readonly lotId: bigint; readonly coins: bigint }[];
  readonly coins: bigint;
};

/**
 * Pays out a buyer's coins. Anyone may call, at any time after the lots end.
 *
 * @throws {@link InvalidParameterError} for an empty list, a malformed id or address
 * @throws {@link ContractRevertError} `LotNonexistent`, `LotStillOpen`
 * @example
 * ```ts
 * const { coins } = await claimCoins(client, { buyer, lotIds: [3n, 4n] });
 * ```
 */
export const claimCoins = defineWrite({
  contract: "CoinSale",
  method: "claim",
  args: ({ buyer, lotIds }: ClaimCoinsParameters) => [
    checkAddress("buyer", buyer),
    checkNotEmpty("lotIds", lotIds).map((lotId, i) => checkUint(`lotIds[${i}]`, lotId, 64)),
  ],
  result: (events) => {
    const lots = events("CoinSale", "CoinsClaimed").map(({ lotId, coins }) => ({ lotId, coins }));
    return { lots, coins: sumOf(lots, ({ coins }) => coins) };
  },
});

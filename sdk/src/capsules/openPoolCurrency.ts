import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type OpenPoolCurrencyParameters = {
  readonly pool: AddressInput;
  /** ERC-20 token. */
  readonly currency: AddressInput;
};
export type OpenPoolCurrencyReturnType = Sent & {
  /** Base units that arrived and were divided now. */
  readonly amount: bigint;
};

/**
 * Counts what arrived in a token and divides it. The first call opens the token: all that arrived so far is divided
 * among the units of this moment. Open it before it brings revenue: units credited later would share what waits.
 * `creditContributions` opens its currencies.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `CurrencyNotOpen` if the caller is neither curator nor a member with units,
 * `CurrencyNotContract`
 * @example
 * ```ts
 * const { amount } = await openPoolCurrency(client, { pool, currency });
 * ```
 */
export const openPoolCurrency = defineWrite({
  contract: "ContributionPool",
  method: "sync",
  target: ({ pool }: OpenPoolCurrencyParameters) => checkAddress("pool", pool),
  args: ({ currency }: OpenPoolCurrencyParameters) => [checkAddress("currency", currency)],
  result: (events, { pool }) => {
    const [shared] = events("ContributionPool", "RevenueShared", checkAddress("pool", pool));
    return { amount: shared?.amount ?? 0n };
  },
});

import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type WithdrawContributionParameters = {
  readonly pool: AddressInput;
  /** The receiver. */
  readonly member: AddressInput;
  /** ERC-20 token. */
  readonly currency: AddressInput;
};
export type WithdrawContributionReturnType = Sent & {
  /** Base units paid. 0 if nothing was owed. */
  readonly amount: bigint;
};

/**
 * Pays a member its earnings in a pool. Anyone may call; the member receives. All units of the member earn in this
 * token from then on.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `CurrencyNotOpen`, `CurrencyNotContract`, and the token's errors if it refuses
 * the member
 * @example
 * ```ts
 * const { amount } = await withdrawContribution(client, { pool, member: collector, currency });
 * ```
 */
export const withdrawContribution = defineWrite({
  contract: "ContributionPool",
  method: "withdraw",
  target: ({ pool }: WithdrawContributionParameters) => checkAddress("pool", pool),
  args: ({ member, currency }: WithdrawContributionParameters) => [
    checkAddress("member", member),
    checkAddress("currency", currency),
  ],
  result: (events, { pool }) => {
    const [paid] = events("ContributionPool", "ContributionWithdrawn", checkAddress("pool", pool));
    return { amount: paid?.amount ?? 0n };
  },
});

import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type WithdrawStakeParameters = { readonly subnetId: bigint };
export type WithdrawStakeReturnType = Sent & {
  /** Base units of Foundation Coin. */
  readonly amount: bigint;
};

/**
 * Returns all coins that the caller requested by `unstake`, 7 days after its last request.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `WithdrawalNonexistent`, `WithdrawalNotReady`
 * @example
 * ```ts
 * const { amount } = await withdrawStake(client, { subnetId: 1n });
 * ```
 */
export const withdrawStake = defineWrite({
  contract: "SubnetHub",
  method: "withdraw",
  args: ({ subnetId }: WithdrawStakeParameters) => [checkUint("subnetId", subnetId, 32)],
  result: (events) => {
    const { amount } = one(events("SubnetHub", "StakeWithdrawn"));
    return { amount };
  },
});

import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type SetStakeDelegateeParameters = {
  /** Who votes. The caller may name itself. */
  readonly delegatee: AddressInput;
};
export type SetStakeDelegateeReturnType = Sent & {
  /** Base units of Foundation Coin that vote by the delegatee. */
  readonly amount: bigint;
};

/**
 * Sets who votes in the DAO with the caller's staked coins, in all subnets. `delegateVotes` sets it for the coins of the
 * wallet. Before the first call, stakes vote by the wallet's delegate of the first stake, or by the staker.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `DelegateeInvalid`, `StakerNonexistent`
 * @example
 * ```ts
 * const { amount } = await setStakeDelegatee(client, { delegatee: account });
 * ```
 */
export const setStakeDelegatee = defineWrite({
  contract: "SubnetHub",
  method: "setDelegatee",
  args: ({ delegatee }: SetStakeDelegateeParameters) => [checkAddress("delegatee", delegatee)],
  result: (events) => {
    const { amount } = one(events("SubnetHub", "DelegateeSet"));
    return { amount };
  },
});

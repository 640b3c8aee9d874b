import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type StakeParameters = {
  readonly subnetId: bigint;
  /** Base units of Foundation Coin, 10^8 to a coin. */
  readonly amount: bigint;
};
export type StakeReturnType = Sent & {
  /** The coins count from this epoch on. */
  readonly fromEpoch: bigint;
};

/**
 * Stakes coins of the caller in a subnet, from its allowance, see `approveStake`. They count from the next epoch on, and
 * keep their votes: see `setStakeDelegatee`. Nothing is slashed.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetIsRetired`, `EpochPending` (see `runEpoch`),
 * `ERC20InsufficientAllowance`, `ERC20InsufficientBalance`
 * @example
 * ```ts
 * const { fromEpoch } = await stake(client, { subnetId: 1n, amount: 1_000n * 10n ** 8n });
 * ```
 */
export const stake = defineWrite({
  contract: "SubnetHub",
  method: "stake",
  args: ({ subnetId, amount }: StakeParameters) => [
    checkUint("subnetId", subnetId, 32),
    checkUint("amount", amount, 64, 1n),
  ],
  result: (events) => {
    const { fromEpoch } = one(events("SubnetHub", "Staked"));
    return { fromEpoch };
  },
});

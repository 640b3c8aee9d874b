import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type UnstakeParameters = {
  readonly subnetId: bigint;
  /** Base units of Foundation Coin, 10^8 to a coin. */
  readonly amount: bigint;
};
export type UnstakeReturnType = Sent & {
  /** `withdrawStake` returns all requested coins from then on, seconds since 1970. */
  readonly withdrawableAt: bigint;
};

/**
 * Requests staked coins back. They stop counting at once, keep their votes, and can be withdrawn after 7 days. Another
 * request restarts the 7 days for all of them. A validator's coins are bound until its immunity ends: see
 * `listValidators`.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `EpochPending` (see `runEpoch`), `ValidatorBound`,
 * `UnstakeExceedsStake`
 * @example
 * ```ts
 * const { withdrawableAt } = await unstake(client, { subnetId: 1n, amount: 10n ** 8n });
 * ```
 */
export const unstake = defineWrite({
  contract: "SubnetHub",
  method: "unstake",
  args: ({ subnetId, amount }: UnstakeParameters) => [
    checkUint("subnetId", subnetId, 32),
    checkUint("amount", amount, 64, 1n),
  ],
  result: (events) => {
    const { withdrawableAt } = one(events("SubnetHub", "Unstaked"));
    return { withdrawableAt };
  },
});

import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { type RecordedShare, sharesIn } from "./records.ts";

export type RunEpochParameters = { readonly subnetId: bigint };
export type RunEpochReturnType = Sent & {
  /** The epoch that was run. */
  readonly epoch: bigint;
  /** Contract with the record as its code. */
  readonly record: Address;
  /** Who is paid, see `claimRewards`. Empty if no miner has an incentive, or too little stake revealed weights. */
  readonly shares: readonly RecordedShare[];
};

/**
 * Runs the pending epoch of a subnet once it is over: consensus, shares and the record. Anyone may call. It needs up to
 * 15,000,000 gas.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `EpochNotPending`, `EpochNotOver`
 * @example
 * ```ts
 * const { epoch, shares } = await runEpoch(client, { subnetId: 1n });
 * ```
 */
export const runEpoch = defineWrite({
  contract: "SubnetHub",
  method: "runEpoch",
  args: ({ subnetId }: RunEpochParameters) => [checkUint("subnetId", subnetId, 32)],
  result: (events) => {
    const { epoch, record, data, stakes, incentives } = one(events("SubnetHub", "EpochRun"));
    const sizes = { validators: stakes.length, miners: incentives.length };
    return { epoch, record, shares: sharesIn(data, sizes).filter(({ share }) => share > 0n) };
  },
});

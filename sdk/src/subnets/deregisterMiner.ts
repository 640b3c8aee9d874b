import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type DeregisterMinerParameters = { readonly subnetId: bigint };
export type DeregisterMinerReturnType = Sent & {
  /** Number of the slot that is empty now. */
  readonly slot: bigint;
};

/**
 * Gives up the caller's slot as miner, in the first phase of an epoch.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `MinerNotRegistered`, `SubnetPhaseMismatch`, `EpochPending`
 * @example
 * ```ts
 * const { slot } = await deregisterMiner(client, { subnetId: 1n });
 * ```
 */
export const deregisterMiner = defineWrite({
  contract: "SubnetHub",
  method: "deregisterMiner",
  args: ({ subnetId }: DeregisterMinerParameters) => [checkUint("subnetId", subnetId, 32)],
  result: (events) => {
    const { slot } = one(events("SubnetHub", "MinerRemoved"));
    return { slot };
  },
});

import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RetireSubnetParameters = { readonly subnetId: bigint };
export type RetireSubnetReturnType = Sent & {
  /** First epoch that does not take place. */
  readonly fromEpoch: bigint;
  /** Base units of Foundation Coin returned to the creator. */
  readonly bond: bigint;
};

/**
 * Ends a subnet after the current epoch, permanently, and returns its bond to its creator. Stakes and rewards can still
 * be withdrawn and claimed. Sponsors take back pots that pay nobody by `reclaimFunding`.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `CallerNotSubnetCreator`, `SubnetIsRetired`, `EpochPending`;
 * `AccessControlUnauthorizedAccount` for a sovereign subnet, see `callToRetireSubnet`
 * @example
 * ```ts
 * const { fromEpoch } = await retireSubnet(client, { subnetId: 1n });
 * ```
 */
export const retireSubnet = defineWrite({
  contract: "SubnetHub",
  method: "retire",
  args: ({ subnetId }: RetireSubnetParameters) => [checkUint("subnetId", subnetId, 32)],
  result: (events) => {
    const { fromEpoch, bond } = one(events("SubnetHub", "SubnetRetired"));
    return { fromEpoch, bond };
  },
});

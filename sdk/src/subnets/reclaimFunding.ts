import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ReclaimFundingParameters = { readonly fundingId: bigint };
export type ReclaimFundingReturnType = Sent & {
  /** Base units returned to the sponsor. */
  readonly amount: bigint;
};

/**
 * Returns to a sponsor its money of all epochs of a retired subnet that pay nobody, now or ever. Anyone may call.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `FundingNonexistent`, `SubnetNotRetired`, `FundingNothingToReclaim`
 * @example
 * ```ts
 * const { amount } = await reclaimFunding(client, { fundingId: 1n });
 * ```
 */
export const reclaimFunding = defineWrite({
  contract: "SubnetHub",
  method: "reclaim",
  args: ({ fundingId }: ReclaimFundingParameters) => [checkUint("fundingId", fundingId, 256)],
  result: (events) => ({ amount: one(events("SubnetHub", "FundingReclaimed")).amount }),
});

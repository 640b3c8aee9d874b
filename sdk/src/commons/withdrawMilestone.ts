import { checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type WithdrawMilestoneParameters = { readonly milestoneId: bigint };
export type WithdrawMilestoneReturnType = Sent;

/**
 * Withdraws the caller's own milestone permanently.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `MilestoneNonexistent`, `CallerNotMilestoneSteward`, `MilestoneStatusInvalid`
 * @example
 * ```ts
 * await withdrawMilestone(client, { milestoneId: 3n });
 * ```
 */
export const withdrawMilestone = defineWrite({
  contract: "Commons",
  method: "withdrawMilestone",
  args: ({ milestoneId }: WithdrawMilestoneParameters) => [checkUint("milestoneId", milestoneId, 64)],
  result: () => ({}),
});

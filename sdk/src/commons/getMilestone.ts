import type { Client } from "../client.ts";
import type { Address, Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";

/** Where a milestone stands. The chain numbers statuses in this order. */
const MILESTONE_STATUSES = ["Proposed", "Released", "Withdrawn"] as const;
export type MilestoneStatus = (typeof MILESTONE_STATUSES)[number];

export type GetMilestoneParameters = { readonly milestoneId: bigint };
export type GetMilestoneReturnType = {
  /** Whose vault pays. */
  readonly programmeId: bigint;
  /** Who proposed it. */
  readonly steward: Address;
  /** ERC-20 token. */
  readonly token: Address;
  /** Base units. */
  readonly amount: bigint;
  /** Whose earners are paid for a service; research pays the steward. */
  readonly capsuleId: bigint | undefined;
  /** Hash of what shows that it was reached. */
  readonly evidenceHash: Hex;
  /** Whether it can be released; it can only while `Proposed`. */
  readonly status: MilestoneStatus;
};

/**
 * A milestone. All but its status is as it was proposed.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `MilestoneNonexistent`
 * @example
 * ```ts
 * const { amount, status } = await getMilestone(client, { milestoneId: 3n });
 * ```
 */
export async function getMilestone(
  client: Client,
  { milestoneId }: GetMilestoneParameters,
): Promise<GetMilestoneReturnType> {
  const milestone = await read(client, "Commons", "milestoneOf", [checkUint("milestoneId", milestoneId, 64)]);
  const capsuleId = milestone.capsuleId === 0n ? undefined : milestone.capsuleId;
  return { ...milestone, capsuleId, status: nameAt(MILESTONE_STATUSES, milestone.status) };
}

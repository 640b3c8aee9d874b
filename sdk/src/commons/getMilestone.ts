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
  /** The programme to pay from. */
  readonly programmeId: bigint;
  /** Its proposer. */
  readonly steward: Address;
  /** ERC-20 token. */
  readonly token: Address;
  /** Base units. */
  readonly amount: bigint;
  /** A service's capsule: its earners are paid. Undefined for research: the steward is paid. */
  readonly capsuleId: bigint | undefined;
  /** Hash of the evidence for the milestone. */
  readonly evidenceHash: Hex;
  /** Only a `Proposed` milestone can be released. */
  readonly status: MilestoneStatus;
};

/**
 * A milestone. Only its status ever changes.
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

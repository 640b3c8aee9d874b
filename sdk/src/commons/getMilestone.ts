import { type Client, checkCall } from "../client.ts";
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
  /** Paid so far, base units. A large milestone is paid in parts. */
  readonly released: bigint;
  /** A service's capsule: its earners are paid. Undefined for research: the steward is paid. */
  readonly capsuleId: bigint | undefined;
  /** Hash of the evidence for the milestone. */
  readonly evidenceHash: Hex;
  /** Seconds since 1970. */
  readonly proposedAt: bigint;
  /** Earliest release while its proposer is steward, seconds since 1970. */
  readonly releasableFrom: bigint;
  /** Only a `Proposed` milestone can be released. */
  readonly status: MilestoneStatus;
};

/**
 * A milestone: its content never changes, only what was paid, its status and the earliest release.
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
  parameters: GetMilestoneParameters,
): Promise<GetMilestoneReturnType> {
  const { milestoneId } = checkCall(client, parameters);
  const args = [checkUint("milestoneId", milestoneId, 64)] as const;
  const [milestone, releasableFrom] = await Promise.all([
    read(client, "Commons", "milestoneOf", args),
    read(client, "Commons", "releasableFrom", args),
  ]);
  const capsuleId = milestone.capsuleId === 0n ? undefined : milestone.capsuleId;
  const status = nameAt(MILESTONE_STATUSES, milestone.status);
  return { ...milestone, capsuleId, status, releasableFrom };
}

import type { AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkHex, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ProposeMilestoneParameters = {
  readonly programmeId: bigint;
  /** ERC-20 token of the payment. */
  readonly token: AddressInput;
  /** Base units. */
  readonly amount: bigint;
  /** The service's capsule. Research has none. */
  readonly capsuleId?: bigint;
  /** Hash of the evidence for the milestone, 32 bytes. */
  readonly evidenceHash: Hex;
};
export type ProposeMilestoneReturnType = Sent & { readonly milestoneId: bigint };

/**
 * Proposes the payment for a reached milestone. Only the programme's steward may call. Research pays the steward, a
 * service pays the capsule's earners. A milestone never changes: to correct it, withdraw it and propose another.
 * Governance releases the payment, 30 days later at the earliest, see `callToReleaseMilestone`.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `ProgrammeNonexistent`, `CallerNotSteward`, `VaultTokenNotContract`,
 * `MilestoneCapsuleMismatch`, `MilestoneEvidenceZero`
 * @example
 * ```ts
 * const { milestoneId } = await proposeMilestone(client, {
 *   programmeId: 1n,
 *   token,
 *   amount: 5_000_000n,
 *   evidenceHash: contentHash,
 * });
 * ```
 */
export const proposeMilestone = defineWrite({
  contract: "Commons",
  method: "proposeMilestone",
  args: ({ programmeId, token, amount, capsuleId = 0n, evidenceHash }: ProposeMilestoneParameters) => [
    checkUint("programmeId", programmeId, 64),
    checkAddress("token", token),
    checkUint("amount", amount, 128, 1n),
    checkUint("capsuleId", capsuleId, 64),
    checkHex("evidenceHash", evidenceHash, 32),
  ],
  result: (events) => {
    const { milestoneId } = one(events("Commons", "MilestoneProposed"));
    return { milestoneId };
  },
});

import type { AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkHex, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ProposeMilestoneParameters = {
  readonly programmeId: bigint;
  /** ERC-20 token to be paid in. */
  readonly token: AddressInput;
  /** Base units. */
  readonly amount: bigint;
  /** Whose metered free use is to be paid: a service names one, research none. */
  readonly capsuleId?: bigint;
  /** Hash of what shows that it was reached, 32 bytes. */
  readonly evidenceHash: Hex;
};
export type ProposeMilestoneReturnType = Sent & { readonly milestoneId: bigint };

/**
 * Says that a milestone was reached, and asks for what it earns: the caller, who is the programme's steward, if it is
 * research, or those who earn from the capsule. It never changes; withdraw it and propose another. Governance pays, see
 * `callToReleaseMilestone`.
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

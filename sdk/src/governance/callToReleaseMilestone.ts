import { addressOf, type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToReleaseMilestoneParameters = { readonly milestoneId: bigint };
export type CallToReleaseMilestoneReturnType = ReadyCall;

/**
 * Builds a call to pay for a milestone, for a proposal. The call names the milestone's whole content, so voters
 * approve nothing else. It pays the rest of the milestone, or the part that the vault's limit allows: see `getVault`.
 * It succeeds from `releasableFrom` of `getMilestone` on. A steward can withdraw a milestone until the end: propose each
 * release separately, or one withdrawal stops the others.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `MilestoneNonexistent`
 * @example
 * ```ts
 * const call = await callToReleaseMilestone(client, { milestoneId: 3n });
 * ```
 */
export async function callToReleaseMilestone(
  client: Client,
  parameters: CallToReleaseMilestoneParameters,
): Promise<CallToReleaseMilestoneReturnType> {
  const { milestoneId } = checkCall(client, parameters);
  const id = checkUint("milestoneId", milestoneId, 64);
  const milestone = await read(client, "Commons", "milestoneOf", [id]);
  const { programmeId, token, amount, capsuleId, evidenceHash, released } = milestone;
  const args = [id, programmeId, token, amount, capsuleId, evidenceHash] as const;
  const payee = capsuleId === 0n ? `its steward ${milestone.steward}` : `the earners of capsule ${capsuleId}`;
  // The governor refuses a second proposal with the same calls and text.
  const paid = released === 0n ? "" : `, ${released} paid so far`;
  const summary = `Release milestone ${id} of programme ${programmeId}: ${amount} base units of ${token} to ${payee}${paid}`;
  return readyCall(addressOf(client, "Commons"), "Commons", "release", args, summary);
}

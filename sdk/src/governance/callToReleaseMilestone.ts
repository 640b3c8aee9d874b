import { addressOf, type Client } from "../client.ts";
import { type ReadyCall, readyCall } from "../core/calls.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type CallToReleaseMilestoneParameters = { readonly milestoneId: bigint };
export type CallToReleaseMilestoneReturnType = ReadyCall;

/**
 * The call that pays for a milestone, to be proposed. It names all that the milestone says, so that voters approve
 * nothing else. A steward can withdraw until the last moment: one proposal for each release, or one stops the others.
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
  { milestoneId }: CallToReleaseMilestoneParameters,
): Promise<CallToReleaseMilestoneReturnType> {
  const id = checkUint("milestoneId", milestoneId, 64);
  const { programmeId, token, amount, evidenceHash } = await read(client, "Commons", "milestoneOf", [id]);
  const args = [id, programmeId, token, amount, evidenceHash] as const;
  const summary = `Release milestone ${id} of programme ${programmeId}: ${amount} base units of ${token}`;
  return readyCall(addressOf(client, "Commons"), "Commons", "release", args, summary);
}

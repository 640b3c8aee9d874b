import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkHex, checkOneOf } from "../core/check.ts";
import { PROGRAMME_KINDS, type ProgrammeKind } from "../shared/programme.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToStartProgrammeParameters = {
  readonly kind: ProgrammeKind;
  /** The steward: proposes milestones. */
  readonly steward: AddressInput;
  /** Hash of the content at `uri`, 32 bytes. */
  readonly metadataHash: Hex;
  /** Address of the programme's description. */
  readonly uri: string;
};
export type CallToStartProgrammeReturnType = ReadyCall;

/**
 * Builds a call to start a public-good programme, for a proposal.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const call = callToStartProgramme(client, {
 *   kind: "research",
 *   steward: account,
 *   metadataHash: contentHash,
 *   uri: "https://programmes.example/1",
 * });
 * ```
 */
export function callToStartProgramme(
  client: Client,
  parameters: CallToStartProgrammeParameters,
): CallToStartProgrammeReturnType {
  const { kind, steward, metadataHash, uri } = checkCall(client, parameters);
  const kindNumber = checkOneOf("kind", kind, PROGRAMME_KINDS);
  const who = checkAddress("steward", steward);
  const args = [kindNumber, who, checkHex("metadataHash", metadataHash, 32), uri] as const;
  const summary = `Start a ${kind} programme with ${who} as steward, described at ${uri}`;
  return readyCall(addressOf(client, "Commons"), "Commons", "startProgramme", args, summary);
}

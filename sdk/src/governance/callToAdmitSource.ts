import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToAdmitSourceParameters = {
  /** The new source. */
  readonly source: AddressInput;
  /** Most units of use in one round and sector. */
  readonly cap: bigint;
};
export type CallToAdmitSourceReturnType = ReadyCall;

/**
 * Builds a call to admit a source of benefit reports, for a proposal. `callToSetSourceCap` corrects its cap.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const call = callToAdmitSource(client, { source: account, cap: 1_000_000n });
 * ```
 */
export function callToAdmitSource(
  client: Client,
  parameters: CallToAdmitSourceParameters,
): CallToAdmitSourceReturnType {
  const { source, cap } = checkCall(client, parameters);
  const args = [checkAddress("source", source), checkUint("cap", cap, 88, 1n)] as const;
  const summary = `Let ${args[0]} report benefit, at most ${cap} units a round and sector`;
  return readyCall(addressOf(client, "BenefitMine"), "BenefitMine", "admitSource", args, summary);
}

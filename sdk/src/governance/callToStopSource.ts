import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToStopSourceParameters = {
  /** A source with a leaked key, admitted or removed. */
  readonly source: AddressInput;
};
export type CallToStopSourceReturnType = ReadyCall;

/**
 * Builds a call to stop a source of benefit reports and to void its reports in rounds on hold, for a proposal. Until
 * its end the guardian's council stops it at once: see `stopSource`.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * const call = callToStopSource(client, { source: account });
 * ```
 */
export function callToStopSource(
  client: Client,
  parameters: CallToStopSourceParameters,
): CallToStopSourceReturnType {
  const { source } = checkCall(client, parameters);
  const address = checkAddress("source", source);
  const summary = `Stop ${address} from reporting benefit, and void its reports in rounds on hold`;
  return readyCall(addressOf(client, "BenefitMine"), "BenefitMine", "stopSource", [address], summary);
}

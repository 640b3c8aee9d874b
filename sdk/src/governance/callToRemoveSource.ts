import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToRemoveSourceParameters = {
  /** An admitted source. */
  readonly source: AddressInput;
};
export type CallToRemoveSourceReturnType = ReadyCall;

/**
 * Builds a call to remove a source of benefit reports, for a proposal. Its reports stay; `callToStopSource` voids them.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * const call = callToRemoveSource(client, { source: account });
 * ```
 */
export function callToRemoveSource(
  client: Client,
  parameters: CallToRemoveSourceParameters,
): CallToRemoveSourceReturnType {
  const { source } = checkCall(client, parameters);
  const address = checkAddress("source", source);
  const summary = `Stop ${address} from reporting benefit`;
  return readyCall(addressOf(client, "BenefitMine"), "BenefitMine", "removeSource", [address], summary);
}

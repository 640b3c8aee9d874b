import { addressOf, type Client } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToRemoveSourceParameters = {
  /** Who reports benefit. */
  readonly source: AddressInput;
};
export type CallToRemoveSourceReturnType = ReadyCall;

/**
 * The call that stops an account from reporting benefit, to be proposed.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * const call = callToRemoveSource(client, { source: account });
 * ```
 */
export function callToRemoveSource(
  client: Client,
  { source }: CallToRemoveSourceParameters,
): CallToRemoveSourceReturnType {
  const address = checkAddress("source", source);
  const summary = `Let ${address} report benefit no more`;
  return readyCall(addressOf(client, "BenefitMine"), "BenefitMine", "removeSource", [address], summary);
}

import { addressOf, type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToRetireSectorParameters = {
  /** A sector without weight, all of whose rounds with weight are closed. */
  readonly sector: bigint;
};
export type CallToRetireSectorReturnType = ReadyCall;

/**
 * Builds a call to take a sector off the mine's list of 32, for a proposal. Setting it again puts it back.
 *
 * @throws {@link InvalidParameterError} for a malformed number
 * @example
 * ```ts
 * const call = callToRetireSector(client, { sector: 3n });
 * ```
 */
export function callToRetireSector(
  client: Client,
  parameters: CallToRetireSectorParameters,
): CallToRetireSectorReturnType {
  const { sector } = checkCall(client, parameters);
  const args = [checkUint("sector", sector, 16)] as const;
  const summary = `Retire sector ${sector}`;
  return readyCall(addressOf(client, "BenefitMine"), "BenefitMine", "retireSector", args, summary);
}

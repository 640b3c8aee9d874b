import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToSetSourceCapParameters = {
  /** A source, admitted now or earlier. */
  readonly source: AddressInput;
  /** Most units of use in one round and sector. */
  readonly cap: bigint;
};
export type CallToSetSourceCapReturnType = ReadyCall;

/**
 * Builds a call to correct a source's cap from the next round on, for a proposal.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const call = callToSetSourceCap(client, { source: account, cap: 500_000n });
 * ```
 */
export function callToSetSourceCap(
  client: Client,
  parameters: CallToSetSourceCapParameters,
): CallToSetSourceCapReturnType {
  const { source, cap } = checkCall(client, parameters);
  const args = [checkAddress("source", source), checkUint("cap", cap, 88, 1n)] as const;
  const summary = `Let ${args[0]} report at most ${cap} units a round and sector, from the next round on`;
  return readyCall(addressOf(client, "BenefitMine"), "BenefitMine", "setSourceCap", args, summary);
}

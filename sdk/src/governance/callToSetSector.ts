import { addressOf, type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToSetSectorParameters = {
  /** The sector's number in offers. */
  readonly sector: bigint;
  /** The sector's part of a round's heights, relative to other sectors. Weight without benefit slows mining. 0 mines nothing. */
  readonly weight: bigint;
  /** Benefit for the whole part. */
  readonly target: bigint;
  /** Most units of use credited to a champion for each of its people. */
  readonly allowance: bigint;
};
export type CallToSetSectorReturnType = ReadyCall;

/**
 * Builds a call to set a sector from the next round on, for a proposal.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const call = callToSetSector(client, { sector: 1n, weight: 3n, target: 1_000_000n, allowance: 50n });
 * ```
 */
export function callToSetSector(
  client: Client,
  parameters: CallToSetSectorParameters,
): CallToSetSectorReturnType {
  const { sector, ...settings } = checkCall(client, parameters);
  const params = {
    weight: checkUint("weight", settings.weight, 32),
    target: checkUint("target", settings.target, 112),
    allowance: checkUint("allowance", settings.allowance, 64),
  };
  const args = [checkUint("sector", sector, 16), params] as const;
  const summary = `Set sector ${sector}: weight ${params.weight}, target ${params.target} units, allowance ${params.allowance} units a person`;
  return readyCall(addressOf(client, "BenefitMine"), "BenefitMine", "setSector", args, summary);
}

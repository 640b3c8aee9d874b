import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToAdmitChampionParameters = {
  /** ISO 3166-1 numeric code, such as 250n for France. */
  readonly country: bigint;
  /** Most citizens to count for free use, ever. */
  readonly population: bigint;
  /** The champion's operator. */
  readonly operator: AddressInput;
  /** Enrolls its citizens. Must not be the operator. */
  readonly registrar: AddressInput;
  /** The programme to pay until the citizens choose one. */
  readonly programmeId: bigint;
  /** Sectors of the champion. */
  readonly sectors: readonly bigint[];
};
export type CallToAdmitChampionReturnType = ReadyCall;

/**
 * Builds a call to admit a champion, for a proposal.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const call = callToAdmitChampion(client, {
 *   country: 250n,
 *   population: 68_000_000n,
 *   operator,
 *   registrar: account,
 *   programmeId: 1n,
 *   sectors: [1n, 2n],
 * });
 * ```
 */
export function callToAdmitChampion(
  client: Client,
  parameters: CallToAdmitChampionParameters,
): CallToAdmitChampionReturnType {
  checkCall(client, parameters);
  const admission = {
    country: checkUint("country", parameters.country, 16, 1n),
    population: checkUint("population", parameters.population, 64),
    operator: checkAddress("operator", parameters.operator),
    registrar: checkAddress("registrar", parameters.registrar),
    programmeId: checkUint("programmeId", parameters.programmeId, 64, 1n),
    sectors: parameters.sectors.map((sector, i) => checkUint(`sectors[${i}]`, sector, 16)),
  };
  const { country, population, programmeId, sectors } = admission;
  const summary = `Admit a champion for country ${country}, of ${population} people, in ${sectorsText(sectors)}, for programme ${programmeId}`;
  const target = addressOf(client, "ChampionRegistry");
  return readyCall(target, "ChampionRegistry", "admit", [admission], summary);
}

function sectorsText(sectors: readonly bigint[]): string {
  return sectors.length === 0 ? "no sector yet" : `sectors ${sectors.join(", ")}`;
}

import type { Client } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetSectorParameters = {
  readonly sector: bigint;
  /** In which round; the one that is now unless given. One to come is told as far as it is known. */
  readonly round?: bigint;
};
export type GetSectorReturnType = {
  /** Its part of the subsidy, relative to the other sectors'; 0 if it earns nothing. */
  readonly weight: bigint;
  /** Benefit units that earn its whole part. */
  readonly target: bigint;
  /** Most benefit units that a champion is credited for each of its people. */
  readonly allowance: bigint;
};

/**
 * What a sector is worth in a round.
 *
 * @throws {@link InvalidParameterError} for a malformed number
 * @example
 * ```ts
 * const { weight, target } = await getSector(client, { sector: 7n });
 * ```
 */
export async function getSector(
  client: Client,
  { sector, round }: GetSectorParameters,
): Promise<GetSectorReturnType> {
  checkUint("sector", sector, 16);
  const when = round ?? (await read(client, "BenefitMine", "currentRound", []));
  return await read(client, "BenefitMine", "sectorAt", [sector, checkUint("round", when, 32)]);
}

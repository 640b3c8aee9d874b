import { type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetSectorParameters = {
  readonly sector: bigint;
  /** The round. A future round returns the settings known so far. @default the current one */
  readonly round?: bigint;
};
export type GetSectorReturnType = {
  /** The sector's part of a round's heights, relative to other sectors. 0 if it mines nothing. */
  readonly weight: bigint;
  /** Benefit for the whole part. */
  readonly target: bigint;
  /** Most units of use credited to a champion for each of its people. */
  readonly allowance: bigint;
};

/**
 * A sector's settings in a round.
 *
 * @throws {@link InvalidParameterError} for a malformed number
 * @example
 * ```ts
 * const { weight, target } = await getSector(client, { sector: 7n });
 * ```
 */
export async function getSector(
  client: Client,
  parameters: GetSectorParameters,
): Promise<GetSectorReturnType> {
  const { sector, round } = checkCall(client, parameters);
  checkUint("sector", sector, 16);
  const when = round ?? (await read(client, "BenefitMine", "currentRound", []));
  return await read(client, "BenefitMine", "sectorAt", [sector, checkUint("round", when, 32)]);
}

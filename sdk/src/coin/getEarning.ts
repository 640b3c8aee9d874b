import { type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { checkExists, read } from "../core/read.ts";

export type GetEarningParameters = {
  readonly round: bigint;
  readonly sector: bigint;
  readonly championId: bigint;
};
export type GetEarningReturnType = {
  /** The champion's units of use, without void reports. */
  readonly use: bigint;
  /** Its benefit: use times quality, each report rounded down. */
  readonly benefit: bigint;
  /** Base units of the coin earned by the champion. 0 until the round is closed. */
  readonly amount: bigint;
  /** Whether these coins are minted. */
  readonly minted: boolean;
  /** Benefit and earnings of all champions together. */
  readonly sectorBenefit: bigint;
  readonly sectorAmount: bigint;
};

/**
 * A champion's earning in a round and sector.
 *
 * @throws {@link InvalidParameterError} for a malformed number
 * @throws {@link NotFoundError} for an unknown champion
 * @example
 * ```ts
 * const { amount, minted } = await getEarning(client, { round: 12n, sector: 7n, championId: 1n });
 * ```
 */
export async function getEarning(
  client: Client,
  parameters: GetEarningParameters,
): Promise<GetEarningReturnType> {
  const { round, sector, championId } = checkCall(client, parameters);
  const place = [checkUint("round", round, 32), checkUint("sector", sector, 16)] as const;
  const [own, all] = await Promise.all([
    read(client, "BenefitMine", "earningOf", [...place, checkUint("championId", championId, 32)]),
    read(client, "BenefitMine", "sectorEarningOf", place),
  ]);
  if (own.use === 0n) await checkExists(client, "champion", championId);
  return { ...own, sectorBenefit: all.benefit, sectorAmount: all.amount };
}

import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import type { SearchRange } from "../core/logs.ts";
import { epochRun } from "./epochRuns.ts";
import { sharesIn } from "./records.ts";

export type GetRankingParameters = SearchRange & { readonly subnetId: bigint; readonly epoch: bigint };
/** Best first. Miners without incentive are left out. */
export type GetRankingReturnType = readonly {
  /** Counted from 1. Miners with the same incentive share a rank. */
  readonly rank: number;
  readonly slot: bigint;
  /** The miner, or the champion's operator. */
  readonly account: Address;
  /** In 2^-32. */
  readonly incentive: bigint;
}[];

/**
 * The ranking of a round: miners by their incentive in an epoch.
 *
 * @throws {@link InvalidParameterError} for a malformed id, epoch or block range
 * @throws {@link NotFoundError} if the epoch was not run
 * @example
 * ```ts
 * const [best] = await getRanking(client, { subnetId: 1n, epoch: 1n });
 * ```
 */
export async function getRanking(
  client: Client,
  parameters: GetRankingParameters,
): Promise<GetRankingReturnType> {
  const { subnetId, epoch, ...range } = checkCall(client, parameters);
  const id = checkUint("subnetId", subnetId, 32);
  const { data, stakes, incentives } = await epochRun(client, id, checkUint("epoch", epoch, 32), range);
  const places = sharesIn(data, { validators: stakes.length, miners: incentives.length });
  const ranked = incentives
    .map((incentive, slot) => ({
      slot: BigInt(slot),
      account: places[stakes.length + slot]?.account as Address,
      incentive,
    }))
    .filter(({ incentive }) => incentive > 0n)
    .sort((a, b) => (a.incentive === b.incentive ? 0 : a.incentive > b.incentive ? -1 : 1));
  const rankOf = (own: bigint) => 1 + ranked.filter(({ incentive }) => incentive > own).length;
  return ranked.map((miner) => ({ rank: rankOf(miner.incentive), ...miner }));
}

import type { Client } from "../client.ts";
import { read } from "../core/read.ts";
import { subsidyFrom } from "./subsidy.ts";

export type GetRoundReturnType = {
  /** The round that is now, counted from 1, and when it ends, seconds since 1970. */
  readonly current: bigint;
  readonly endsAt: bigint;
  /** The first round with benefit that is not closed; undefined if there is none. It may be the one that is now. */
  readonly next: bigint | undefined;
  /** How many rounds with benefit are not closed, the one that is now included. */
  readonly open: bigint;
  /** Heights mined so far, 144 a closed round. */
  readonly height: bigint;
  /** Base units of the coin that the next round can mint at most. */
  readonly subsidy: bigint;
};

/**
 * Where mining is: the round that is now, and the next one to close.
 *
 * @example
 * ```ts
 * const { current, next } = await getRound(client);
 * if (next !== undefined && next < current) await closeRound(client, { round: next });
 * ```
 */
export async function getRound(client: Client): Promise<GetRoundReturnType> {
  const [current, next, count, closed, height, start, length] = await Promise.all([
    read(client, "BenefitMine", "currentRound", []),
    read(client, "BenefitMine", "nextRound", []),
    read(client, "BenefitMine", "roundCount", []),
    read(client, "BenefitMine", "closedCount", []),
    read(client, "BenefitMine", "height", []),
    read(client, "BenefitMine", "START", []),
    read(client, "BenefitMine", "ROUND", []),
  ]);
  return {
    current,
    endsAt: start + current * length,
    next: next === 0n ? undefined : next,
    open: count - closed,
    height,
    subsidy: subsidyFrom(height),
  };
}

import type { Client } from "../client.ts";
import { read } from "../core/read.ts";
import { subsidyFrom } from "./subsidy.ts";

export type GetRoundReturnType = {
  /** The current round, counted from 1, and its end, seconds since 1970. */
  readonly current: bigint;
  readonly endsAt: bigint;
  /** The first unclosed round with benefit, possibly the current one. Undefined if there is none. */
  readonly next: bigint | undefined;
  /** Number of unclosed rounds with benefit, the current one included. */
  readonly open: bigint;
  /** Heights mined so far, in 2^-64: at most 144 for each closed round. */
  readonly height: bigint;
  /** Most base units of the coin for the next round to mine. */
  readonly subsidy: bigint;
};

/**
 * The state of mining: the current round, and the next one to close.
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

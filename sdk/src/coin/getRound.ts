import { type Client, checkClient } from "../client.ts";
import { read } from "../core/read.ts";
import { subsidyFrom } from "./subsidy.ts";

export type GetRoundReturnType = {
  /** The current round, counted from 1, and its end, seconds since 1970. */
  readonly current: bigint;
  readonly endsAt: bigint;
  /** The first unclosed round with benefit, possibly the current one. Undefined if there is none. */
  readonly next: bigint | undefined;
  /** The end of its hold, seconds since 1970. From then on it can be closed. */
  readonly closableFrom: bigint | undefined;
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
 * const { next, closableFrom = 0n } = await getRound(client);
 * if (next !== undefined && closableFrom * 1_000n <= Date.now()) await closeRound(client, { round: next });
 * ```
 */
export async function getRound(client: Client): Promise<GetRoundReturnType> {
  checkClient(client);
  const [current, next, count, closed, height, start, length, hold] = await Promise.all([
    read(client, "BenefitMine", "currentRound", []),
    read(client, "BenefitMine", "nextRound", []),
    read(client, "BenefitMine", "roundCount", []),
    read(client, "BenefitMine", "closedCount", []),
    read(client, "BenefitMine", "height", []),
    read(client, "BenefitMine", "START", []),
    read(client, "BenefitMine", "ROUND", []),
    read(client, "BenefitMine", "HOLD", []),
  ]);
  return {
    current,
    endsAt: start + current * length,
    next: next === 0n ? undefined : next,
    closableFrom: next === 0n ? undefined : start + next * length + hold,
    open: count - closed,
    height,
    subsidy: subsidyFrom(height),
  };
}

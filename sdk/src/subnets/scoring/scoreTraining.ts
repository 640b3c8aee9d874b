import { checkParameters } from "../../core/check.ts";
import { checkNumber } from "./check.ts";
import { checkRating, type Rating } from "./rateMiners.ts";

export type ScoreTrainingParameters = {
  /** From `rateMiners`, after this round. */
  readonly rating: Rating;
  /** Moving average of `work` from `judgeGradient`, from -1 to 1. */
  readonly work: number;
  /** From `syncScore`. */
  readonly sync: number;
};

/** Skill is almost certainly higher than mu less this many sigma. */
const DEVIATIONS = 3;

/**
 * A miner's score for training, like Templar's: max(0, mu - 3 sigma) max(0, work) sync.
 *
 * - Proven skill: few rounds give little of it.
 * - Work: 0 for a miner without more good rounds than bad ones.
 * - Sync: 1 for an up-to-date model.
 *
 * @throws {@link InvalidParameterError} for a malformed rating, and numbers out of range
 * @example
 * ```ts
 * const [rating = FIRST_RATING] = await rateMiners({ results: [{ score: 0.04 }, { score: 0.01 }] });
 * const score = scoreTraining({ rating, work: movingAverage({ current: 1 }), sync: syncScore(0) });
 * ```
 */
export function scoreTraining(parameters: ScoreTrainingParameters): number {
  const { rating, work, sync } = checkParameters(parameters);
  const { mu, sigma } = checkRating("rating", rating);
  checkNumber("work", work, -1, 1);
  checkNumber("sync", sync, 0, 1);
  return Math.max(0, mu - DEVIATIONS * sigma) * Math.max(0, work) * sync;
}

import { checkParameters } from "../../core/check.ts";
import { checkFinite, checkNumber } from "./check.ts";

export type MovingAverageParameters = {
  /**
   * The average until the last round.
   *
   * @default 0, for a miner's first round. So a new key is no way to get rid of bad rounds
   */
  readonly previous?: number;
  /** The value of this round. Pass 0 if the miner did not take part. */
  readonly current: number;
  /**
   * Part of this round in the new average.
   *
   * @default {@link DEFAULT_ALPHA}
   */
  readonly alpha?: number;
};

/** A quarter: after five rounds, earlier ones make less than a quarter. */
export const DEFAULT_ALPHA = 0.25;

/**
 * Exponential moving average over rounds: alpha current + (1 - alpha) previous. Luck in one round changes it little.
 *
 * @throws {@link InvalidParameterError} for values that are not finite, and an `alpha` outside of 0 to 1
 * @example
 * ```ts
 * const first = movingAverage({ current: 0.8 });
 * const second = movingAverage({ previous: first, current: 0.7 });
 * ```
 */
export function movingAverage(parameters: MovingAverageParameters): number {
  const { previous = 0, current, alpha = DEFAULT_ALPHA } = checkParameters(parameters);
  checkNumber("alpha", alpha, 0, 1);
  return alpha * checkFinite("current", current) + (1 - alpha) * checkFinite("previous", previous);
}

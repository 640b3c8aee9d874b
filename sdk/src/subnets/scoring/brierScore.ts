import { checkParameters } from "../../core/check.ts";
import { checkBooleans, checkEach, checkNumber, checkSameLength, isWithin } from "./check.ts";

export type BrierScoreParameters = {
  /** A miner's probability that each label is true. */
  readonly probabilities: readonly number[];
  /** The truth. */
  readonly labels: readonly boolean[];
  /**
   * Lowest probability that counts, and 1 - `clip` is the highest. Others count as the nearer of the two. So nobody
   * gains by claiming certainty, and one wrong claim costs less.
   *
   * @default {@link DEFAULT_CLIP}
   */
  readonly clip?: number;
};

/** A hundredth: no miner is surer than 99 %. */
export const DEFAULT_CLIP = 0.01;

/**
 * Brier score: the mean squared difference of probability and truth. Lower is better. It is lowest if the probabilities
 * are honest. 0.25 if all are 0.5.
 *
 * @throws {@link InvalidParameterError} for empty lists, lists of different lengths, probabilities outside of 0 to 1 or
 * NaN, and a `clip` outside of 0 to 0.5
 * @example
 * ```ts
 * const brier = brierScore({ probabilities: [0.9, 0.2], labels: [true, false] });
 * ```
 */
export function brierScore(parameters: BrierScoreParameters): number {
  const { probabilities, labels, clip = DEFAULT_CLIP } = checkParameters(parameters);
  checkBooleans("labels", labels);
  checkEach("probabilities", probabilities, (one) => isWithin(one, 0, 1), "a number from 0 to 1");
  checkSameLength("probabilities", probabilities, labels);
  checkNumber("clip", clip, 0, 0.5);
  const squares = probabilities.map((probability, i) => {
    const clipped = Math.max(clip, Math.min(1 - clip, probability));
    return (clipped - Number(labels[i])) ** 2;
  });
  return squares.reduce((sum, square) => sum + square, 0) / labels.length;
}

import { checkParameters } from "../../core/check.ts";
import { InvalidParameterError } from "../../errors.ts";
import { type BrierScoreParameters, brierScore, DEFAULT_CLIP } from "./brierScore.ts";
import { checkNumber } from "./check.ts";
import { type Confusion, countConfusion } from "./countConfusion.ts";
import { matthewsCorrelation } from "./matthewsCorrelation.ts";

export type ScoreDetectionParameters = BrierScoreParameters & {
  /**
   * From this probability on, an answer counts as detected.
   *
   * @default 0.5
   */
  readonly threshold?: number;
};
export type ScoreDetectionReturnType = {
  /** From 0 to 1. Higher is better. */
  readonly score: number;
  readonly mcc: number;
  readonly brier: number;
  readonly confusion: Confusion;
};

/** BitMind's exponents (Bittensor subnet 34). Calibration weighs more, and the best miners differ more. */
const MCC_EXPONENT = 1.2;
const BRIER_EXPONENT = 1.8;

/**
 * Scores a miner's answers to a test set: sqrt(M^1.2 B^1.8).
 *
 * - M = (MCC + 1) / 2: are the answers right? MCC counts both labels, so the commoner one is not worth more.
 * - B = (B0 - Brier) / (B0 - clip^2), at least 0: are the probabilities honest? B0 is the Brier score of an answer that
 *   always gives the part of true labels. So an answer without information scores 0, also if one label is rare.
 *
 * It is a geometric mean: being right does not make up for false certainty, nor the other way round. BitMind scores
 * detectors the same way, with 0.25 as B0 and without clipping.
 *
 * A malformed answer throws. Give its miner the score 0.
 *
 * @throws {@link InvalidParameterError} for empty lists, lists of different lengths, probabilities outside of 0 to 1 or
 * NaN, and labels that are all the same
 * @example
 * ```ts
 * const { score, mcc } = scoreDetection({ probabilities: [0.9, 0.2, 0.6], labels: [true, false, false] });
 * ```
 */
export function scoreDetection(parameters: ScoreDetectionParameters): ScoreDetectionReturnType {
  const { probabilities, labels, clip = DEFAULT_CLIP, threshold = 0.5 } = checkParameters(parameters);
  checkNumber("threshold", threshold, 0, 1);
  const brier = brierScore({ probabilities, labels, clip });
  const baseline = baselineOf(labels, clip);
  const confusion = countConfusion({ predictions: probabilities.map((one) => one >= threshold), labels });
  const mcc = matthewsCorrelation(confusion);
  const calibration = Math.max(0, (baseline - brier) / (baseline - clip ** 2));
  const score = Math.sqrt(((mcc + 1) / 2) ** MCC_EXPONENT * calibration ** BRIER_EXPONENT);
  return { score, mcc, brier, confusion };
}

function baselineOf(labels: readonly boolean[], clip: number): number {
  const rate = labels.filter(Boolean).length / labels.length;
  if (rate === 0 || rate === 1) {
    const problem = `are all ${rate === 1}, so no answer can be told from a guess`;
    throw new InvalidParameterError("labels", problem, "Use a test set with both labels");
  }
  return brierScore({ probabilities: labels.map(() => rate), labels, clip });
}

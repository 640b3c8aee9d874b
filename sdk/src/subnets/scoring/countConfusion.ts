import { checkParameters } from "../../core/check.ts";
import { checkBooleans, checkSameLength } from "./check.ts";

export type CountConfusionParameters = {
  /** A miner's answers, in the order of the labels. True means detected. */
  readonly predictions: readonly boolean[];
  /** The truth. */
  readonly labels: readonly boolean[];
};

/** How many answers were right and wrong. */
export type Confusion = {
  readonly truePositives: number;
  readonly trueNegatives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
};

/**
 * Counts right and wrong answers, separately for both labels.
 *
 * @throws {@link InvalidParameterError} for empty lists, lists of different lengths, and values other than booleans
 * @example
 * ```ts
 * const confusion = countConfusion({ predictions: [true, false], labels: [true, true] });
 * ```
 */
export function countConfusion(parameters: CountConfusionParameters): Confusion {
  const { predictions, labels } = checkParameters(parameters);
  checkBooleans("labels", labels);
  checkBooleans("predictions", predictions);
  checkSameLength("predictions", predictions, labels);
  const count = (prediction: boolean, label: boolean) =>
    labels.filter((one, i) => one === label && predictions[i] === prediction).length;
  return {
    truePositives: count(true, true),
    trueNegatives: count(false, false),
    falsePositives: count(true, false),
    falseNegatives: count(false, true),
  };
}

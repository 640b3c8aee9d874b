import { checkCount, checkObject } from "../../core/check.ts";
import type { Confusion } from "./countConfusion.ts";

/**
 * Matthews correlation coefficient (MCC) of predictions and labels:
 * (TP TN - FP FN) / sqrt((TP + FP)(TP + FN)(TN + FP)(TN + FN)).
 *
 * 1 if every answer is right, about 0 for guesses, -1 if every answer is wrong. 0 if the denominator is 0: all answers
 * are the same, or all labels are.
 *
 * @throws {@link InvalidParameterError} for counts that are not whole numbers from 0
 * @example
 * ```ts
 * const confusion = countConfusion({ predictions: [true, false], labels: [true, true] });
 * const mcc = matthewsCorrelation(confusion);
 * ```
 */
export function matthewsCorrelation(confusion: Confusion): number {
  checkObject("confusion", confusion);
  const count = (name: keyof Confusion) => checkCount(`confusion.${name}`, confusion[name], 0);
  const [tp, tn] = [count("truePositives"), count("trueNegatives")];
  const [fp, fn] = [count("falsePositives"), count("falseNegatives")];
  const denominator = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
  if (denominator === 0) return 0;
  // Large counts round.
  return Math.max(-1, Math.min(1, (tp * tn - fp * fn) / denominator));
}

import { checkObject, checkParameters } from "../../core/check.ts";
import { InvalidParameterError } from "../../errors.ts";
import { checkFinite, shown } from "./check.ts";

/** The model's losses on some data, before and after applying a submission. */
export type Losses = { readonly before: number; readonly after: number };

export type JudgeGradientParameters = {
  /** On the data assigned to this miner. */
  readonly own: Losses;
  /** On random data that no miner was assigned. */
  readonly random: Losses;
};
export type JudgeGradientReturnType = {
  readonly ownImprovement: number;
  /** Pass it to `rateMiners` as the score of this round. */
  readonly randomImprovement: number;
  /** 1 if own data improved more than random data, else -1. Pass it to `movingAverage`. */
  readonly work: 1 | -1;
};

/**
 * The part of the loss that is gone: (before - after) / before, from -1 to 1. A submission that makes the loss infinite
 * or NaN gets -1, as if it had doubled the loss. So no submission can stop a validator or distort an average.
 *
 * @throws {@link InvalidParameterError} for a loss before that is not finite and above 0
 * @example
 * ```ts
 * const improvement = lossImprovement({ before: 2.5, after: 2.4 });
 * ```
 */
export function lossImprovement(losses: Losses): number {
  return improvementOf("losses", losses);
}

/**
 * Judges a submitted gradient step by its effect on the model's loss, like the Gauntlet of Templar (Bittensor subnet 3).
 *
 * Random data show how good the step is. Own data show who did the work: training on data lowers their loss more than
 * that of other data. A copy of another miner's step improves both alike: its average of `work` is near 0. The average of
 * an honest miner is near 1.
 *
 * Unlike Templar's, a step that worsens the loss on own data never counts as work.
 *
 * @throws {@link InvalidParameterError} for a loss before that is not finite and above 0
 * @example
 * ```ts
 * const { randomImprovement, work } = judgeGradient({
 *   own: { before: 2.5, after: 2.3 },
 *   random: { before: 2.5, after: 2.4 },
 * });
 * ```
 */
export function judgeGradient(parameters: JudgeGradientParameters): JudgeGradientReturnType {
  const { own, random } = checkParameters(parameters);
  const ownImprovement = improvementOf("own", own);
  const randomImprovement = improvementOf("random", random);
  const isWork = ownImprovement > 0 && ownImprovement > randomImprovement;
  return { ownImprovement, randomImprovement, work: isWork ? 1 : -1 };
}

function improvementOf(name: string, losses: Losses): number {
  const { before, after } = checkObject(name, losses);
  if (checkFinite(`${name}.before`, before) <= 0) {
    throw new InvalidParameterError(`${name}.before`, `is ${before}`, "Pass a loss above 0");
  }
  if (typeof after !== "number") {
    throw new InvalidParameterError(`${name}.after`, `is ${shown(after)}`, "Pass a number");
  }
  const improvement = (before - after) / before;
  return Number.isFinite(improvement) ? Math.max(-1, Math.min(1, improvement)) : -1;
}

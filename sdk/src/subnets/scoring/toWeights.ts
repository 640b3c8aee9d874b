import type { Hex } from "../../core/abi.ts";
import { checkCount, checkParameters } from "../../core/check.ts";
import { checkEach, checkNumber } from "./check.ts";

export type ToWeightsParameters = {
  /** One per miner, in the order of the subnet's slots. Scores up to 0 give no weight. */
  readonly scores: readonly number[];
  /**
   * Weights are proportional to this power of the scores. 1 pays in proportion to the scores. More is more top-heavy:
   * splitting work among several keys earns less. Templar takes 2.
   *
   * @default 2
   */
  readonly power?: number;
  /**
   * Only so many of the best miners get weight, and those with the same score as the last of them.
   *
   * @default all
   */
  readonly most?: number;
};
export type ToWeightsReturnType = {
  /** From 0 to 65535, one per miner. The best has 65535. All are 0 if no score is above 0. */
  readonly weights: readonly bigint[];
  /** The same, two bytes per miner, big-endian. */
  readonly packed: Hex;
};

const MAX_WEIGHT = 65_535;

/**
 * A validator's row of weights by the scores: 65535 (score / best)^power, rounded to whole numbers.
 *
 * @throws {@link InvalidParameterError} for an empty list, scores that are not finite, and a `power` outside of 0 to 16
 * @example
 * ```ts
 * const { weights, packed } = toWeights({ scores: [0.9, 0.45, 0, -0.1] });
 * ```
 */
export function toWeights(parameters: ToWeightsParameters): ToWeightsReturnType {
  const { scores, power = 2, most } = checkParameters(parameters);
  checkEach("scores", scores, Number.isFinite, "a finite number");
  checkNumber("power", power, 0, 16);
  const ranked = [...scores].sort((a, b) => b - a);
  const best = ranked[0] as number;
  const least = most === undefined ? 0 : (ranked[checkCount("most", most, 1) - 1] ?? 0);
  const weights = scores.map((score) =>
    score > 0 && score >= least ? Math.round(MAX_WEIGHT * (score / best) ** power) : 0,
  );
  return {
    weights: weights.map(BigInt),
    packed: `0x${weights.map((weight) => weight.toString(16).padStart(4, "0")).join("")}`,
  };
}

import { checkNumber } from "./check.ts";

/** From this many steps on, the score is 0. */
const MOST_STEPS = 5;
const EXPONENT = 2.5;

/**
 * How well a miner's model follows the common one: (1 - min(x, 5) / 5)^2.5 for x steps behind, as Templar has it. A
 * gradient of an old model fits the common one badly. So being late costs more than in proportion.
 *
 * @param stepsBehind Mean over the parameters of |miner's - common| / learning rate, or counted steps
 * @throws {@link InvalidParameterError} for NaN and numbers below 0
 * @example
 * ```ts
 * const sync = syncScore(1);
 * ```
 */
export function syncScore(stepsBehind: number): number {
  checkNumber("stepsBehind", stepsBehind, 0, Number.POSITIVE_INFINITY);
  return (1 - Math.min(stepsBehind, MOST_STEPS) / MOST_STEPS) ** EXPONENT;
}

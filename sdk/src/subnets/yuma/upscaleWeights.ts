import { maxOf } from "./fixed.ts";

const MAX_U16 = 65_535n;

/**
 * Weights as they are revealed: in proportion, from 0 to 65535, the largest 65535. Rounds to the nearest, halves up.
 *
 * @example
 * ```ts
 * const weights = upscaleWeights([1n, 2n, 0n]); // 32768, 65535, 0
 * ```
 */
export function upscaleWeights(weights: readonly bigint[]): bigint[] {
  const most = maxOf(weights);
  if (most === 0n) return [...weights];
  return weights.map((weight) => (2n * weight * MAX_U16 + most) / (2n * most));
}

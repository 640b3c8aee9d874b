import { normalize } from "./fixed.ts";

export type YumaSharesByStakeParameters = {
  /** Stake of each validator, in any unit. */
  readonly stakes: readonly bigint[];
  /** `stakes` of the epoch's result. */
  readonly activeStakes: readonly bigint[];
};

/**
 * Validators' shares by stake: the active stakes, or all stakes if none is active. Subtensor pays them in an epoch
 * without incentives. Subnets of Benefit Grid pay nobody then.
 *
 * @example
 * ```ts
 * const ofValidators = yumaSharesByStake({ stakes: [3n, 1n], activeStakes: [0n, YUMA_ONE] });
 * ```
 */
export function yumaSharesByStake({ stakes, activeStakes }: YumaSharesByStakeParameters): readonly bigint[] {
  return activeStakes.some((stake) => stake > 0n) ? activeStakes : normalize(stakes);
}

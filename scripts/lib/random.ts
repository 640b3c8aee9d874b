/** Random numbers of a seed. */
export type Random = {
  /** From 0 to below 1. */
  readonly uniform: () => number;
  /** About normal, with mean 0 and deviation 1. */
  readonly normal: () => number;
};

/**
 * The same numbers in each run and on each machine, for data that must be made again exactly. Not for secrets.
 *
 * Mulberry32 by Tommy Ettinger (public domain). The sum of 12 uniform numbers is near to normal, and needs no logarithm,
 * whose last digit depends on the machine.
 */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Array.from({ length: 12 }, uniform).reduce((sum, one) => sum + one, -6);
  return { uniform, normal };
}

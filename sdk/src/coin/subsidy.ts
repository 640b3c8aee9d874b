const FIRST = 50n * 10n ** 8n;
/** One height: heights are in 2^-64. */
const HEIGHT = 2n ** 64n;
const HALVING = 210_000n * HEIGHT;
/** Most heights of a round. */
const ROUND_HEIGHTS = 144n * HEIGHT;

/** The schedule's base units for 144 heights from this one. */
export function subsidyFrom(height: bigint): bigint {
  return below(height + ROUND_HEIGHTS) - below(height);
}

/** The schedule's base units below a height, rounded down. */
function below(height: bigint): bigint {
  let sum = 0n;
  let left = height;
  for (let subsidy = FIRST; subsidy > 0n && left > 0n; subsidy >>= 1n) {
    const heights = left < HALVING ? left : HALVING;
    sum += heights * subsidy;
    left -= heights;
  }
  return sum / HEIGHT;
}

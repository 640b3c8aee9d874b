const FIRST = 50n * 10n ** 8n;
const HALVING = 210_000n;
/** Heights that a round with benefit mines. */
const ROUND_HEIGHTS = 144n;

/** Base units that the schedule has for the 144 heights from this one on. */
export function subsidyFrom(height: bigint): bigint {
  const [now, next] = [height / HALVING, (height + ROUND_HEIGHTS) / HALVING];
  const later = next === now ? 0n : (height + ROUND_HEIGHTS) % HALVING;
  return (ROUND_HEIGHTS - later) * (FIRST >> now) + later * (FIRST >> next);
}

const FIRST = 50n * 10n ** 8n;
const HALVING = 210_000n;
/** Heights of a round with benefit. */
const ROUND_HEIGHTS = 144n;

/** The schedule's base units for 144 heights from this one. */
export function subsidyFrom(height: bigint): bigint {
  const [now, next] = [height / HALVING, (height + ROUND_HEIGHTS) / HALVING];
  const later = next === now ? 0n : (height + ROUND_HEIGHTS) % HALVING;
  return (ROUND_HEIGHTS - later) * (FIRST >> now) + later * (FIRST >> next);
}

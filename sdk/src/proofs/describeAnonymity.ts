import type { Batch } from "../shared/batch.ts";

/**
 * Describes the public part of a batch, one line an offer, to decide whether to settle it.
 *
 * @example
 * ```ts
 * console.log(describeAnonymity(batch)); // "Offer 1: 1200 units of 5 licenses, 1 of them a cover."
 * ```
 */
export function describeAnonymity({ anonymity }: Pick<Batch, "anonymity">): string {
  return anonymity.map(describe).join("\n");
}

function describe({ offerId, units, rows, covers }: Batch["anonymity"][number]): string {
  const of = `Offer ${offerId}: ${units} units of ${rows} license${rows === 1 ? "" : "s"}`;
  if (rows === 1) return `${of}: its count is public.`;
  const shown = covers === 0 ? of : `${of}, ${covers} of them ${covers === 1 ? "a cover" : "covers"}`;
  return rows === 2 ? `${shown}. Each of the two learns the other's count.` : `${shown}.`;
}

import { checkOneOf } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";

/** The circuits of a ledger, as its list numbers them. */
export const INSTANCES = [
  { index: 0, circuit: "usage-batch-16x4", rows: 16, offers: 4 },
  { index: 1, circuit: "usage-batch-128x16", rows: 128, offers: 16 },
] as const;
export type Instance = (typeof INSTANCES)[number];

/** The smallest instance that fits, or the one asked for if it does. */
export function chooseInstance(rows: number, offers: number, wanted: number | undefined): Instance {
  const candidates = wanted === undefined ? INSTANCES : [named(wanted)];
  const found = candidates.find((one) => rows <= one.rows && offers <= one.offers);
  if (found) return found;
  const most = candidates[candidates.length - 1] as Instance;
  const problem = `have ${rows} rows of ${offers} offers, more than the ${most.rows} of ${most.offers} that fit`;
  throw new InvalidParameterError("offers", problem, "Split them into several batches");
}

function named(index: number): Instance {
  const indexes = INSTANCES.map((one) => String(one.index));
  return INSTANCES[Number(checkOneOf("instance", String(index), indexes))] as Instance;
}

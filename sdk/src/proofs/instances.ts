import { checkOneOf } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import { INSTANCES } from "../generated/circuits.ts";

export { INSTANCES };
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

import { checkOneOf } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import { INSTANCES } from "../generated/circuits.ts";

export { INSTANCES };
export type Instance = (typeof INSTANCES)[number];

/** The requested instance, or the smallest one with room. */
export function chooseInstance(rows: number, offers: number, wanted: number | undefined): Instance {
  const candidates = wanted === undefined ? INSTANCES : [named(wanted)];
  const found = candidates.find((one) => rows <= one.rows && offers <= one.offers);
  if (found) return found;
  const most = candidates[candidates.length - 1] as Instance;
  const problem = `have ${rows} rows of ${offers} offers, but the circuit has room for ${most.rows} rows of ${most.offers}`;
  throw new InvalidParameterError("offers", problem, "Split them into several batches");
}

function named(index: number): Instance {
  const indexes = INSTANCES.map((one) => String(one.index));
  return INSTANCES[Number(checkOneOf("instance", String(index), indexes))] as Instance;
}

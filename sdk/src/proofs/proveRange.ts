import { checkUint } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import { checkOpening, type Opening, usageOf } from "../shared/opening.ts";
import type { Proof } from "../shared/proof.ts";
import { type ProveOptions, prove } from "./prove.ts";

export type ProveRangeParameters = {
  readonly licenseId: bigint;
  /** Opening of the settled usage word, from `recoverOpening` or a meter's `openingOf`. */
  readonly opening: Opening;
  /** Least metered units. */
  readonly min: bigint;
  /** Most metered units. */
  readonly max: bigint;
};
export type ProveRangeReturnType = Proof;

/**
 * Proves a license's settled use to be from `min` to `max` units, and reveals nothing else. Use it to convince
 * someone (`verifyRange`), or from 0 to close without publishing the count (`closePrivateLicense`). Options as for
 * `proveBatch`.
 *
 * @throws {@link InvalidParameterError} for numbers out of range, or units outside of the bounds
 * @throws {@link ArtifactNotFoundError}, {@link ArtifactHashMismatchError} as `proveBatch`
 * @throws the signal's reason once it is aborted
 * @example
 * ```ts
 * const proof = await proveRange({ licenseId, opening, min: 0n, max: 500n });
 * await closePrivateLicense(client, { licenseId, maxUnits: 500n, proof });
 * ```
 */
export async function proveRange(
  parameters: ProveRangeParameters,
  options: ProveOptions = {},
): Promise<ProveRangeReturnType> {
  const { licenseId, min, max } = parameters;
  const { units, contexts, salt } = checkOpening("opening", parameters.opening);
  if (units < checkUint("min", min, 64)) throw notWithin("min", min, "at most");
  if (units > checkUint("max", max, 64)) throw notWithin("max", max, "at least");
  const usage = BigInt(usageOf("opening", licenseId, parameters.opening));
  const input = { usage, licenseId, min, max, units, contexts, salt };
  return await prove("usage-range", input, [usage, licenseId, min, max], options);
}

/** The message leaves the count out: errors end up in logs. */
function notWithin(name: string, bound: bigint, direction: string): InvalidParameterError {
  const advice = `Pass ${direction} the settled units`;
  return new InvalidParameterError(name, `is ${bound}, and the settled units are beyond it`, advice);
}

import type { Hex } from "../core/abi.ts";
import { isOpening, type Opening } from "../shared/opening.ts";

export type VerifyOpeningParameters = Opening & {
  readonly licenseId: bigint;
  /** The usage word, 32 bytes, as it was signed or as the ledger has it. */
  readonly usage: Hex;
};
export type VerifyOpeningReturnType = boolean;

/**
 * Whether a private usage word says this. Without a network, and never throws: what is malformed opens nothing.
 *
 * @example
 * ```ts
 * const { usage, units, contexts, salt } = privateVoucher;
 * const isOpening = verifyOpening({ licenseId, usage, units, contexts, salt });
 * ```
 */
export function verifyOpening({
  licenseId,
  usage,
  ...opening
}: VerifyOpeningParameters): VerifyOpeningReturnType {
  return isOpening(usage, licenseId, opening);
}

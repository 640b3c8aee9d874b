import type { Hex } from "../core/abi.ts";
import { isOpening, type Opening } from "../shared/opening.ts";

export type VerifyOpeningParameters = Opening & {
  readonly licenseId: bigint;
  /** The usage word, 32 bytes, signed or from the ledger. */
  readonly usage: Hex;
};
export type VerifyOpeningReturnType = boolean;

/**
 * Whether an opening belongs to a usage word. Needs no network and never throws: malformed input returns false.
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

import type { AddressInput } from "../core/abi.ts";
import type { Mode } from "../shared/offer.ts";
import { type AnyVoucher, isPrivate } from "../shared/voucher.ts";

/**
 * A license as its meter knows it, from `getLicense`, `getConditions` and `getUsage`.
 *
 * In private mode the chain hides units, contexts and salt. Without a commitment, pass zeros and no salt. Later,
 * pass the meter's own numbers, or the holder's if `verifyOpening` agrees.
 */
export type MeteredLicense = {
  readonly licenseId: bigint;
  readonly offerId: bigint;
  /** Account key whose vouchers settle: `signer` of `getLicense`, never its `nextSigner`. */
  readonly signer: AddressInput;
  /** The last moment to settle its vouchers, seconds since 1970. */
  readonly settleBy: bigint;
  /** Prepaid metered units over the license's life. */
  readonly prepaid: bigint;
  /** Contexts allowed by the terms. */
  readonly allowed: bigint;
  /** Metered units settled. */
  readonly units: bigint;
  /** Contexts settled. */
  readonly contexts: bigint;
  /** The offer's mode. @default "open" */
  readonly mode?: Mode;
  /**
   * In private mode, opens the settled usage word with units and contexts. Undefined before the first settlement.
   */
  readonly salt?: bigint;
};

/** Reason for a refusal. Most are errors of the ledger too. */
export type Refusal =
  | "LicenseUnknown"
  | "VoucherModeMismatch"
  | "VoucherNotNewer"
  | "VoucherExceedsPrepaid"
  | "VoucherContextsDropped"
  | "VoucherContextsNotAllowed"
  | "VoucherOpeningInvalid"
  | "VoucherSignatureInvalid";

/** The state before a voucher. */
export type UsageSoFar = Pick<MeteredLicense, "units" | "contexts" | "salt">;

/** The ledger's refusal of a voucher after `before`, in its order. Skips signature and opening. */
export function judgeVoucher(
  voucher: AnyVoucher,
  { prepaid, allowed, mode = "open" }: MeteredLicense,
  before: UsageSoFar,
): Refusal | undefined {
  const { units, contexts } = voucher;
  if (isPrivate(voucher) !== (mode === "private")) return "VoucherModeMismatch";
  if (!isNewer(voucher, before)) return "VoucherNotNewer";
  if (units > prepaid) return "VoucherExceedsPrepaid";
  if (before.contexts & ~contexts) return "VoucherContextsDropped";
  if (contexts & ~allowed) return "VoucherContextsNotAllowed";
  return undefined;
}

/** In private mode, the same units under another salt are a cover. */
export function isNewer(voucher: AnyVoucher, before: Omit<UsageSoFar, "contexts">): boolean {
  const isCover = isPrivate(voucher) && voucher.units === before.units && voucher.salt !== before.salt;
  return isCover || voucher.units > before.units;
}

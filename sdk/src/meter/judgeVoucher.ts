import type { AddressInput } from "../core/abi.ts";
import type { Mode } from "../shared/offer.ts";
import { type AnyVoucher, isPrivate } from "../shared/voucher.ts";

/**
 * What a meter must know of a license before it serves, from `getLicense`, `getConditions` and `getUsage`. In private
 * mode the chain does not tell units, contexts and salt: zeros and none while there is no commitment, afterwards what
 * this meter has from before, or what the holder says if `verifyOpening` agrees.
 */
export type MeteredLicense = {
  readonly licenseId: bigint;
  readonly offerId: bigint;
  /** Account key whose vouchers settle. */
  readonly signer: AddressInput;
  /** Metered units paid for, ever. */
  readonly prepaid: bigint;
  /** Contexts that the terms allow. */
  readonly allowed: bigint;
  /** Metered units settled. */
  readonly units: bigint;
  /** Contexts settled. */
  readonly contexts: bigint;
  /** The offer's; "open" unless given. */
  readonly mode?: Mode;
  /** In private mode, what opens the settled usage word together with units and contexts; none before anything is settled. */
  readonly salt?: bigint;
};

/** Why a voucher is refused. Most are errors of the ledger too. */
export type Refusal =
  | "LicenseUnknown"
  | "VoucherModeMismatch"
  | "VoucherNotNewer"
  | "VoucherExceedsPrepaid"
  | "VoucherContextsDropped"
  | "VoucherContextsNotAllowed"
  | "VoucherOpeningInvalid"
  | "VoucherSignatureInvalid";

/** What a later voucher is compared with. */
export type UsageSoFar = Pick<MeteredLicense, "units" | "contexts" | "salt">;

/** What the ledger would say of a voucher after `before`, in its order but for signature and opening. */
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

/** In private mode the same units under another salt are a cover. */
export function isNewer(voucher: AnyVoucher, before: Omit<UsageSoFar, "contexts">): boolean {
  const isCover = isPrivate(voucher) && voucher.units === before.units && voucher.salt !== before.salt;
  return isCover || voucher.units > before.units;
}

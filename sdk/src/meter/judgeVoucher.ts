import type { AddressInput } from "../core/abi.ts";
import type { Voucher } from "../core/voucher.ts";

/** What a meter must know of a license before it serves, from `getLicense`, `getConditions` and `getUsage`. */
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
};

/** Why a voucher is refused; each but the first is an error of the ledger too. */
export type Refusal =
  | "LicenseUnknown"
  | "VoucherNotNewer"
  | "VoucherExceedsPrepaid"
  | "VoucherContextsDropped"
  | "VoucherContextsNotAllowed"
  | "VoucherSignatureInvalid";

/** What the ledger would say of a voucher after `before`, in its order but for the signature. */
export function judgeVoucher(
  { units, contexts }: Voucher,
  { prepaid, allowed }: MeteredLicense,
  before: Pick<Voucher, "units" | "contexts">,
): Refusal | undefined {
  if (units <= before.units) return "VoucherNotNewer";
  if (units > prepaid) return "VoucherExceedsPrepaid";
  if (before.contexts & ~contexts) return "VoucherContextsDropped";
  if (contexts & ~allowed) return "VoucherContextsNotAllowed";
  return undefined;
}

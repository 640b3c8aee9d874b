import type { Entry } from "@benefit-grid/meter";
import type { SignedPrivateVoucher, SignedVoucher } from "@benefit-grid/sdk/meter";

const SIGNATURE = `0x${"5a".repeat(65)}` as const;

export function openVoucher(licenseId: bigint, units: bigint, contexts = 1n): SignedVoucher {
  return { licenseId, units, contexts, signature: SIGNATURE };
}

/** The store does not check openings, so any usage word will do. */
export function privateVoucher(licenseId: bigint, units: bigint, salt: bigint): SignedPrivateVoucher {
  return { ...openVoucher(licenseId, units), usage: `0x${salt.toString(16).padStart(64, "0")}`, salt };
}

export function entry(licenseId: bigint, units: bigint, voucher?: Entry["voucher"]): Entry {
  return { licenseId, units, ...(voucher && { voucher }) };
}

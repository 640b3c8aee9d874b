import type { Address, Hex } from "@benefit-grid/sdk";
import type { AnyVoucher, VoucherDue } from "@benefit-grid/sdk/http";

/** A call of the scheme `license-voucher`. */
export type VoucherCall = {
  /** 16 bytes in hex, chosen by the customer. A call is counted once. */
  readonly callId: Hex;
  /** Of the right format. Nothing else is checked yet. */
  readonly voucher: AnyVoucher;
  /** The offer in the server's requirements. */
  readonly offerId: bigint;
};

/** Why a call is refused, as the `error` of x402. */
export type VoucherRefusal =
  /** The payload is malformed, or for another chain, ledger or offer. */
  | "invalid_license_voucher_payload"
  | "invalid_license_voucher_requirements"
  | "invalid_license_voucher_signature"
  /** The license may not be used, see `authorizeUse`. */
  | "invalid_license_voucher_license"
  /** The voucher covers too little. The answer says what is due. */
  | "license_voucher_due"
  /** The call's units are above its most. */
  | "license_voucher_units_exceeded"
  /** The call was counted before. */
  | "license_voucher_call_repeated";

export type VoucherVerdict =
  | {
      readonly ok: true;
      /** The license's signer. */
      readonly payer: Address;
    }
  | { readonly ok: false; readonly reason: VoucherRefusal; readonly due?: VoucherDue };

export type VoucherSettlement =
  | {
      readonly ok: true;
      readonly payer: Address;
      /** Units used by the license so far, with this call. */
      readonly used: bigint;
    }
  | { readonly ok: false; readonly reason: VoucherRefusal };

/** The meter behind the scheme `license-voucher`. It throws if the customer should try again later. */
export type VoucherPort = {
  /**
   * Checks the voucher's signature, the license and that the voucher covers all calls so far, within the meter's
   * credit. Keeps the voucher, and counts `maxUnits` as in flight for `seconds`, or until `settle` or `release`.
   */
  readonly verify: (
    call: VoucherCall & { readonly maxUnits: bigint; readonly seconds: number },
  ) => Promise<VoucherVerdict>;
  /**
   * Counts the call's units, durably and once for each `callId`. Repeated with the same call, answers the same. Checks
   * signature and license again: `verify` may have run in another process.
   */
  readonly settle: (call: VoucherCall & { readonly units: bigint }) => Promise<VoucherSettlement>;
  /** The call failed: it is no longer in flight. */
  readonly release: (call: VoucherCall) => Promise<void>;
};

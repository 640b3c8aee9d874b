import { checkNotEmpty, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { encodeVoucher, type SignedVoucher } from "../shared/voucher.ts";
import type { OfferTotal } from "./totals.ts";

export type SettleOpenParameters = {
  readonly meterId: bigint;
  /** Each offer's newest vouchers, one a license. At least one. */
  readonly batches: readonly { readonly offerId: bigint; readonly vouchers: readonly SignedVoucher[] }[];
};
export type SettleOpenReturnType = Sent & {
  readonly totals: readonly OfferTotal[];
};

/**
 * Settles vouchers. Each license's increase is paid from its offer's escrow, split 40/30/20/10.
 *
 * @throws {@link InvalidParameterError} for an empty batch or a malformed voucher
 * @throws {@link ContractRevertError} `CallerNotMeterOperator`, `OfferNotMetered`, `LicenseOfferMismatch`,
 * `LicenseWindowOver`, `VoucherNotNewer`, `VoucherExceedsPrepaid`, `VoucherContextsDropped`,
 * `VoucherContextsNotAllowed`, `VoucherSignatureInvalid`; `ReleaseFailed` names an offer to leave out
 * @example
 * ```ts
 * const { totals } = await settleOpen(client, { meterId, batches: [{ offerId, vouchers: [voucher] }] });
 * ```
 */
export const settleOpen = defineWrite({
  contract: "UsageLedger",
  method: "settleOpen",
  args: ({ meterId, batches }: SettleOpenParameters) => [
    checkUint("meterId", meterId, 32),
    checkNotEmpty("batches", batches).map(encodeBatch),
  ],
  result: (events) => ({
    totals: events("UsageLedger", "OpenSettled").map(({ offerId, units }) => ({ offerId, units })),
  }),
});

function encodeBatch({ offerId, vouchers }: SettleOpenParameters["batches"][number], index: number) {
  const name = `batches[${index}]`;
  return {
    offerId: checkUint(`${name}.offerId`, offerId, 64),
    rows: checkNotEmpty(`${name}.vouchers`, vouchers).map((voucher, i) =>
      encodeVoucher(`${name}.vouchers[${i}]`, voucher),
    ),
  };
}

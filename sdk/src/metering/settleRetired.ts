import { checkNotEmpty, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { ascending } from "../core/lists.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { checkOpening, NOTHING, type Opening } from "../shared/opening.ts";
import { checkUsage, encodeSignature, type SignedPrivateVoucher } from "../shared/voucher.ts";
import { type OfferTotal, totalsOf } from "./totals.ts";

export type SettleRetiredParameters = {
  readonly meterId: bigint;
  /** Offers from a meter's `privateBatch`. At least one. */
  readonly offers: readonly {
    readonly offerId: bigint;
    /**
     * Vouchers with the opening of the ledger's present usage word, undefined before the first settlement. At least
     * one.
     */
    readonly rows: readonly {
      readonly voucher: SignedPrivateVoucher;
      readonly oldOpening: Opening | undefined;
    }[];
  }[];
};
export type SettleRetiredReturnType = Sent & {
  readonly totals: readonly OfferTotal[];
};

/**
 * Settles private vouchers by their openings at a retired ledger, which takes no proofs. A last resort: it
 * publishes each license's use.
 *
 * @throws {@link InvalidParameterError} for an empty batch or a malformed voucher
 * @throws {@link ContractRevertError} `CallerNotMeterOperator`, `LedgerNotRetired`, `OfferNotMetered`,
 * `OfferModeMismatch`, `BatchOffersUnordered` or `BatchLicensesUnordered` for duplicates,
 * `LicenseOfferMismatch`, `LicenseWindowOver`, `OpeningInvalid`, `VoucherNotNewer`, `VoucherExceedsPrepaid`,
 * `VoucherContextsDropped`, `VoucherContextsNotAllowed`, `VoucherSignatureInvalid`; `ReleaseFailed` names an offer to
 * leave out
 * @example
 * ```ts
 * const offers = books.privateBatch({ maxRows: 128, maxOffers: 16, allowLone: true });
 * const { totals } = await settleRetired(client, { meterId, offers });
 * ```
 */
export const settleRetired = defineWrite({
  contract: "UsageLedger",
  method: "settleRetired",
  args: ({ meterId, offers }: SettleRetiredParameters) => [
    checkUint("meterId", meterId, 32),
    ascending(checkNotEmpty("offers", offers).map(encodeOffer), ({ offerId }) => offerId),
  ],
  result: (events) => ({ totals: totalsOf(one(events("UsageLedger", "PrivateSettled"))) }),
});

function encodeOffer({ offerId, rows }: SettleRetiredParameters["offers"][number], index: number) {
  const name = `offers[${index}]`;
  const encoded = checkNotEmpty(`${name}.rows`, rows).map(({ voucher, oldOpening = NOTHING }, i) => {
    const path = `${name}.rows[${i}]`;
    checkUsage(`${path}.voucher`, voucher);
    return {
      licenseId: voucher.licenseId,
      oldOpening: checkOpening(`${path}.oldOpening`, oldOpening),
      newOpening: checkOpening(`${path}.voucher`, voucher),
      ...encodeSignature(`${path}.voucher.signature`, voucher.signature),
    };
  });
  return {
    offerId: checkUint(`${name}.offerId`, offerId, 64),
    rows: ascending(encoded, ({ licenseId }) => licenseId),
  };
}

import type { Hex } from "../core/abi.ts";
import { checkHex, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { encodeOffer, type OfferTerms } from "../shared/offer.ts";

export type CreateOfferParameters = OfferTerms & {
  readonly capsuleId: bigint;
  /** Stored terms, see `registerTerms`. */
  readonly termsId: Hex;
};
export type CreateOfferReturnType = Sent & { readonly offerId: bigint };

/**
 * Offers a capsule under stored terms. An offer never changes: to replace it, retire it and create another.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `OfferCallerNotCapsuleOwner`, `TermsNonexistent`, `OfferLedgerNotAdmitted`,
 * `OfferMeterNonexistent`, `OfferCurrencyNotContract`
 * @example
 * ```ts
 * const { offerId } = await createOffer(client, {
 *   capsuleId,
 *   termsId,
 *   ledger: client.addresses.UsageLedger,
 *   meterId,
 *   currency,
 *   pricePerMillion: 3_000_000n,
 * });
 * ```
 */
export const createOffer = defineWrite({
  contract: "TermsRegistry",
  method: "createOffer",
  args: ({ capsuleId, termsId, ...offer }: CreateOfferParameters) => [
    checkUint("capsuleId", capsuleId, 64),
    checkHex("termsId", termsId, 32),
    encodeOffer(offer),
  ],
  result: (events) => {
    const { offerId } = one(events("TermsRegistry", "OfferCreated"));
    return { offerId };
  },
});

import { checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RetireOfferParameters = { readonly offerId: bigint };
export type RetireOfferReturnType = Sent;

/**
 * Ends sales under an offer: no new license, top-up or renewal. Existing licenses continue.
 *
 * @throws {@link ContractRevertError} `OfferNonexistent`, `OfferCallerNotCapsuleOwner`, `OfferAlreadyRetired`
 * @example
 * ```ts
 * await retireOffer(client, { offerId });
 * ```
 */
export const retireOffer = defineWrite({
  contract: "TermsRegistry",
  method: "retireOffer",
  args: ({ offerId }: RetireOfferParameters) => [checkUint("offerId", offerId, 64)],
  result: () => ({}),
});

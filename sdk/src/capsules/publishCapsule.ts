import type { Hex } from "../core/abi.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { encodeOffer, type OfferTerms } from "../shared/offer.ts";
import { encodeTerms, type Terms } from "../shared/terms.ts";
import { encodeRegistration, type Registration } from "./registration.ts";

export type PublishCapsuleParameters = Registration & { readonly terms: Terms; readonly offer: OfferTerms };
export type PublishCapsuleReturnType = Sent & {
  readonly capsuleId: bigint;
  readonly offerId: bigint;
  readonly termsId: Hex;
};

/**
 * Registers a capsule for the caller, stores its terms and creates its first offer, in one transaction.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} as `registerCapsule` and `createOffer`
 * @example
 * ```ts
 * const { capsuleId, offerId } = await publishCapsule(client, {
 *   kind: "model",
 *   contentHash: await hashContent(bytes),
 *   uri: "ipfs://model",
 *   shares: [{ role: "data", units: 1n, capsuleId: datasetId }],
 *   terms: {
 *     duration: 30n * 86_400n,
 *     revocationNotice: IRREVOCABLE,
 *     maxUnits: 1_000_000n,
 *     contexts: encodeContexts(["education", "inference"]),
 *     transferable: false,
 *   },
 *   offer: { ledger: client.addresses.UsageLedger, meterId, currency, pricePerMillion: 3_000_000n },
 * });
 * ```
 */
export const publishCapsule = defineWrite({
  contract: "TermsRegistry",
  method: "publish",
  args: ({ terms, offer, ...registration }: PublishCapsuleParameters) => [
    encodeRegistration(registration),
    encodeTerms(terms),
    encodeOffer(offer),
  ],
  result: (events) => {
    const { capsuleId, offerId, termsId } = one(events("TermsRegistry", "OfferCreated"));
    return { capsuleId, offerId, termsId };
  },
});

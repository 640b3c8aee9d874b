import { ZeroAddress } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Address, Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";
import { MODES, type Mode } from "../shared/offer.ts";

export type GetOfferParameters = { readonly offerId: bigint };
export type GetOfferReturnType = {
  readonly capsuleId: bigint;
  readonly termsId: Hex;
  readonly ledger: Address;
  readonly meterId: bigint;
  readonly currency: Address;
  /** Base units of the currency for 1,000,000 metered units. */
  readonly pricePerMillion: bigint;
  readonly sector: bigint;
  /** Account of the application. It earns a fraction of the platform's part. */
  readonly application: Address | undefined;
  /** Whether the ledger stores counts of use or commitments to them. */
  readonly mode: Mode;
  /** Whether sales have ended. */
  readonly retired: boolean;
};

/**
 * An offer.
 *
 * @throws {@link ContractRevertError} `OfferNonexistent`
 * @example
 * ```ts
 * const { pricePerMillion, currency } = await getOffer(client, { offerId });
 * ```
 */
export async function getOffer(client: Client, parameters: GetOfferParameters): Promise<GetOfferReturnType> {
  const { offerId } = checkCall(client, parameters);
  const offer = await read(client, "TermsRegistry", "offerOf", [checkUint("offerId", offerId, 64)]);
  const application = offer.application === ZeroAddress ? undefined : offer.application;
  return { ...offer, application, mode: nameAt(MODES, offer.mode) };
}

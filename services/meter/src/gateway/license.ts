import {
  type Access,
  authorizeUse,
  type Client,
  ContractRevertError,
  getConditions,
  getLicense,
  getOffer,
  getUsage,
  NotFoundError,
} from "@benefit-grid/sdk";
import { ZeroAddress } from "ethers";
import { OfferNotServedError } from "../errors.ts";

/** An offer's immutable settings, as far as a meter needs them. */
export type ServedOffer = {
  readonly offerId: bigint;
  readonly capsuleId: bigint;
  readonly meterId: bigint;
  readonly mode: "open" | "private";
  /** Base units of the currency for 1,000,000 metered units. */
  readonly pricePerMillion: bigint;
  readonly currency: `0x${string}`;
  /** Contexts allowed by the terms. */
  readonly allowed: bigint;
};

/** A license as the chain has it now. */
export type License = {
  readonly licenseId: bigint;
  readonly offer: ServedOffer;
  /** Account key whose vouchers settle. */
  readonly signer: string;
  /** The signer cannot sign vouchers, or another one takes over: no service. */
  readonly obstacle: Access | undefined;
  /** End of service, seconds since 1970. */
  readonly expiry: bigint;
  /** From then on another signer is served, or none, without an event: a rental ends or a change takes effect. */
  readonly turnsAt: bigint | undefined;
  /** The last moment to settle its vouchers, seconds since 1970. */
  readonly settleBy: bigint;
  readonly prepaid: bigint;
  /** A pending change of signer, for `confirmSigners`. */
  readonly change: bigint | undefined;
  /** Settled usage at the ledger. */
  readonly usage: Awaited<ReturnType<typeof getUsage>>;
};

/**
 * Offers that this meter serves, by id.
 *
 * @throws {@link OfferNotServedError} for an offer of another ledger or meter
 */
export async function readOffers(
  client: Client,
  offerIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, ServedOffer>> {
  const offers = await Promise.all(offerIds.map((offerId) => readOffer(client, offerId)));
  const [first] = offers;
  const other = offers.find(({ meterId }) => meterId !== first?.meterId);
  if (other) {
    const problem = `is for meter ${other.meterId}, but offer ${first?.offerId} for meter ${first?.meterId}`;
    throw new OfferNotServedError(other.offerId, problem);
  }
  return new Map(offers.map((offer) => [offer.offerId, offer]));
}

async function readOffer(client: Client, offerId: bigint): Promise<ServedOffer> {
  const { ledger, termsId, ...offer } = await getOffer(client, { offerId });
  if (ledger !== client.addresses.UsageLedger) {
    const problem = `is for ledger ${ledger}, but the client uses ${client.addresses.UsageLedger}`;
    throw new OfferNotServedError(offerId, problem);
  }
  const { contexts: allowed } = await getConditions(client, { termsId });
  const { capsuleId, meterId, mode, pricePerMillion, currency } = offer;
  return { offerId, capsuleId, meterId, mode, pricePerMillion, currency, allowed };
}

/**
 * A license, by one request of the node. Undefined if it does not exist or belongs to another offer.
 *
 * Asks `authorize` about nobody: an answer other than "UserNotSigner" is an obstacle for everybody.
 */
export async function readLicense(
  client: Client,
  offers: ReadonlyMap<bigint, ServedOffer>,
  licenseId: bigint,
): Promise<License | undefined> {
  const [license, usage, access] = await Promise.all([
    getLicense(client, { licenseId }).catch(undefinedIfGone),
    getUsage(client, { licenseId }).catch(undefinedIfGone),
    authorizeUse(client, { licenseId, user: ZeroAddress, contexts: 0n }),
  ]);
  const offer = license && offers.get(license.offerId);
  if (!license || !usage || !offer) return undefined;
  const { signer, expiry, settleBy, prepaid, nextSigner } = license;
  const isUsable = access === "UserNotSigner" || access === "LicenseExpired";
  const obstacle = isUsable ? undefined : access;
  const change = nextSigner?.change;
  const turnsAt = turnOf(license);
  return { licenseId, offer, signer, obstacle, expiry, turnsAt, settleBy, prepaid, change, usage };
}

function turnOf({
  nextSigner,
  rental,
  settleBy,
}: Awaited<ReturnType<typeof getLicense>>): bigint | undefined {
  const change = nextSigner && settleBy + 1n;
  if (change === undefined) return rental?.expires;
  return rental && rental.expires < change ? rental.expires : change;
}

function undefinedIfGone(error: unknown): undefined {
  if (error instanceof NotFoundError) return undefined;
  if (error instanceof ContractRevertError && error.name === "ERC721NonexistentToken") return undefined;
  throw error;
}

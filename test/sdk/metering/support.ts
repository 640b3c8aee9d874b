import { deriveUsageSecret, type SignedPrivateVoucher, signPrivateVoucher } from "@benefit-grid/sdk";
import { type BatchOfferInput, buildBatch } from "@benefit-grid/sdk/proofs";
import { privateFixture } from "../../metering/private.ts";
import { withClients } from "../clients.ts";

/** No verifier accepts it. */
export const NO_PROOF = {
  a: [0n, 0n],
  b: [
    [0n, 0n],
    [0n, 0n],
  ],
  c: [0n, 0n],
} as const;

/**
 * Two private offers with three licenses, see `privateFixture`, in users' hands: a secret for each license, a way
 * to sign and a way to settle.
 */
export async function privateGrid() {
  const given = await withClients(privateFixture);
  const { as, buyer, stranger, meter, deployment } = given;
  const [buyerClient, strangerClient, meterClient] = await Promise.all([buyer, stranger, meter].map(as));
  const customers = { 1: buyerClient, 2: strangerClient, 3: buyerClient } as Record<
    number,
    typeof buyerClient
  >;
  const clientOf = (licenseId: bigint) => customers[Number(licenseId)] as NonNullable<typeof buyerClient>;

  const secretOf = (licenseId: bigint) =>
    deriveUsageSecret(clientOf(licenseId), { licenseId, compare: false });
  async function sign(licenseId: bigint, units: bigint, { contexts = 1n, cover = 0n } = {}) {
    const secret = await secretOf(licenseId);
    return await signPrivateVoucher(clientOf(licenseId), { licenseId, units, contexts, cover, secret });
  }

  /** The first vouchers of licenses 1, 2 (offer 2) and 3 (offer 3). */
  async function firstOffers(): Promise<BatchOfferInput[]> {
    const [one, two, three] = await Promise.all([sign(1n, 100n), sign(2n, 50n), sign(3n, 7n)]);
    return [offerOf(3n, three as SignedPrivateVoucher), offerOf(2n, one as SignedPrivateVoucher, two)];
  }

  const ledger = deployment.contracts.UsageLedger;
  const place = { chainId: 31337n, ledger, meterId: 1n, allowLone: true };
  const build = (offers: readonly BatchOfferInput[]) => buildBatch({ ...place, offers });
  const client = meterClient as NonNullable<typeof meterClient>;
  return { ...given, client, clientOf, secretOf, sign, firstOffers, build };
}

/** With nothing settled before. */
export function offerOf(offerId: bigint, ...vouchers: SignedPrivateVoucher[]): BatchOfferInput {
  const rows = vouchers.map((voucher) => ({ voucher, oldOpening: undefined, cap: 1_000n }));
  return { offerId, allowedContexts: 7n, rows };
}

import {
  type Address,
  type Client,
  encodeContexts,
  hashContent,
  publishCapsule,
  registerMeter,
} from "@benefit-grid/sdk";
import { recall, remember } from "./memory.ts";

/** What customers may use the service for. See `getContexts` for all codes. */
export const CONTEXTS = encodeContexts(["research", "education"]);

/** The offer of this service, from offer.json, or published now. */
export async function findOffer(client: Client, account: Address, endpoint: string): Promise<bigint> {
  const saved = await recall(client, "offer.json");
  if (saved !== undefined) return saved;
  const { UsageLedger: ledger, TestUSD: currency } = client.addresses;
  if (!currency) throw new Error("This chain has no test token. Name the currency of your offer here.");
  const { meterId } = await registerMeter(client, { payee: account, endpoint });
  const { offerId } = await publishCapsule(client, {
    kind: "model",
    contentHash: await hashContent(new TextEncoder().encode("the weights of your model")),
    uri: "https://model.example/weights",
    // Rows share 40 % for data and 30 % for the model. The meter's payee gets 20 %, the platform 10 %.
    shares: [
      { role: "data", units: 1n, account },
      { role: "model", units: 1n, account },
    ],
    terms: {
      duration: 30n * 86_400n,
      revocationNotice: 7n * 86_400n,
      maxUnits: 1_000_000n,
      contexts: CONTEXTS,
      transferable: true,
    },
    // 2.50 for a million units: the test token has 6 decimals.
    offer: { ledger, meterId, currency, pricePerMillion: 2_500_000n },
  });
  await remember(client, "offer.json", offerId);
  return offerId;
}

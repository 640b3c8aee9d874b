import { type Client, getOffer, mintLicense, priceOfUnits, signPermit } from "@benefit-grid/sdk";
import { fetchContent, withVouchers } from "@benefit-grid/sdk/http";
import type { Party } from "./party.ts";
import { BYTES_PER_CALL, CONTEXTS, type Provider } from "./provider.ts";

const AN_HOUR = 3_600;

/** Buys a license for a dataset of this size. The meter serves a call only if all its bytes are prepaid. */
export async function buy(
  { client, address: to }: Party,
  currency: `0x${string}`,
  { offerId, size }: Provider,
) {
  const units = BigInt(size + BYTES_PER_CALL);
  const { pricePerMillion } = await getOffer(client, { offerId });
  const price = priceOfUnits({ units, pricePerMillion });
  const block = await client.provider.getBlock("latest");
  const deadline = BigInt((block?.timestamp ?? 0) + AN_HOUR);
  const authorization = await signPermit(client, { token: currency, amount: price, deadline });
  const { licenseId } = await mintLicense(client, { offerId, to, units, maxPrice: price, authorization });
  return { licenseId, units, price };
}

/** Downloads the dataset by ranges. `fetchContent` compares its hash with the chain. */
export async function download(
  client: Client,
  licenseId: bigint,
  units: bigint,
  { url, capsuleId }: Provider,
) {
  const limits = { maxUnits: units, maxUnitsPerCall: BigInt(BYTES_PER_CALL) };
  const paid = withVouchers(fetch, { client, licenseId, contexts: CONTEXTS, ...limits });
  const parts: Uint8Array[] = [];
  const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) });
  const options = { client, capsuleId, sink, bytesPerRequest: BYTES_PER_CALL };
  const { contentHash, size } = await fetchContent(paid, url, options);
  return { contentHash, size, dataset: new Uint8Array(Buffer.concat(parts)) };
}

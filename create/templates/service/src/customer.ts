// A customer: buys a license of the service once, and pays each question by a voucher.
//   npm run customer -- "All people are paid people"
import { type Address, buy, type Client, mintTestUSD } from "@benefit-grid/sdk";
import { USED_HEADER, withVouchers } from "@benefit-grid/sdk/http";
import { connect } from "./client.ts";
import { recall, remember } from "./memory.ts";
import { CONTEXTS } from "./offer.ts";

const UNITS = 10_000n;

/** Buys a license. On the test chain the customer first gets test dollars from the faucet. */
export async function buyLicense(client: Client, account: Address, offerId: bigint): Promise<bigint> {
  if (client.chainId === 31_337n) await mintTestUSD(client, { to: account, amount: 1_000_000n });
  const { licenseId } = await buy(client, { offerId, units: UNITS });
  return licenseId;
}

/** A `fetch` that pays: at most 1,000 units a call. */
export function payingFetch(client: Client, licenseId: bigint): typeof fetch {
  const limits = { contexts: CONTEXTS, maxUnits: UNITS, maxUnitsPerCall: 1_000n };
  return withVouchers(fetch, { client, licenseId, ...limits });
}

if (import.meta.main) {
  const url = process.env.SERVICE_URL ?? "http://127.0.0.1:3000";
  const { client, account } = await connect("CUSTOMER_KEY", 1);
  const { offerId } = (await (await fetch(url)).json()) as { offerId: string };
  const saved = await recall(client, "license.json");
  const licenseId = saved ?? (await buyLicense(client, account, BigInt(offerId)));
  await remember(client, "license.json", licenseId);
  const body = process.argv[2] ?? "All people are paid people";
  const response = await payingFetch(client, licenseId)(`${url}/ask`, { method: "POST", body });
  console.log(
    `${await response.text()}\n${response.headers.get(USED_HEADER)} units used so far, of license ${licenseId}.`,
  );
}

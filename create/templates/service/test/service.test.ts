import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { getUsage } from "@benefit-grid/sdk";
import { startChain } from "../src/chain.ts";
import { connect } from "../src/client.ts";
import { buyLicense, payingFetch } from "../src/customer.ts";
import { type Service, startService } from "../src/service.ts";

let chain: Awaited<ReturnType<typeof startChain>> | undefined;
let service: Service;

before(async () => {
  // The test has its own chain and files.
  process.chdir(mkdtempSync(join(tmpdir(), "service-")));
  chain = await startChain(0);
  const { client, account } = await connect("SERVICE_KEY", 0);
  service = await startService(client, account, 0, ":memory:");
});

after(async () => {
  await service?.close();
  await chain?.close();
});

test("answers a paying customer, counts the words, and settles them on the chain", async () => {
  const { client, account } = await connect("CUSTOMER_KEY", 1);
  const licenseId = await buyLicense(client, account, service.offerId);
  const paid = payingFetch(client, licenseId);
  const ask = async (body: string) =>
    await (await paid(`${service.url}/ask`, { method: "POST", body })).text();
  assert.equal(await ask("people paid are people All"), "All people are paid people");
  assert.equal(await ask("counts word Each"), "Each word counts");
  // The voucher of a call pays the calls before it.
  await service.settler.round();
  await service.settler.round();
  assert.equal((await getUsage(client, { licenseId })).units, 5n);
});

test("refuses a call without a voucher", async () => {
  const response = await fetch(`${service.url}/ask`, { method: "POST", body: "for free" });
  assert.equal(response.status, 401);
});

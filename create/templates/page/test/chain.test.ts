import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { buy, claimable, createClient } from "@benefit-grid/sdk";
import { JsonRpcProvider } from "ethers";
import { startChain } from "../chain.ts";

test("the chain has an offer to buy, and earnings to claim", async () => {
  const { url, close } = await startChain(0);
  const rpc = new JsonRpcProvider(url);
  const runner = await rpc.getSigner(0);
  const deployment = JSON.parse(readFileSync(new URL("../src/chain.json", import.meta.url), "utf8"));
  const client = await createClient({ runner, deployment });
  const { licenseId, price } = await buy(client, { offerId: 1n, units: 1_000n });
  assert.deepEqual([licenseId, price], [1n, 25_000n]);
  const [earned] = await claimable(client, {
    account: runner.address,
    tokens: [deployment.contracts.TestUSD],
  });
  assert.equal(earned?.amount, 4_000_000n);
  rpc.destroy();
  await close();
});

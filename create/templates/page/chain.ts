// A test chain with all contracts of Benefit Grid, one offer and some earnings. Stop it with Ctrl+C.
import { writeFileSync } from "node:fs";
import { deployGrid } from "@benefit-grid/contracts/testing";
import {
  approvePayment,
  createClient,
  encodeContexts,
  hashContent,
  IRREVOCABLE,
  mintTestUSD,
  pay,
  publishCapsule,
  registerMeter,
} from "@benefit-grid/sdk";
import { JsonRpcProvider } from "ethers";
import { network } from "hardhat";

/** Test dollars have 6 decimals. */
const DOLLAR = 1_000_000n;

/** Starts a chain. Port 0 takes any free port. The first account earns and buys, the second sells. */
export async function startChain(port = 8545): Promise<{ url: string; close: () => Promise<void> }> {
  const server = await network.createServer(undefined, "127.0.0.1", port);
  const address = await server.listen();
  const url = `http://127.0.0.1:${address.port}`;
  const rpc = new JsonRpcProvider(url);
  const deployment = await deployGrid({
    provider: { request: ({ method, params = [] }) => rpc.send(method, params) },
  });
  const file = new URL("src/chain.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify({ ...deployment, chainId: Number(deployment.chainId) }, null, 2)}\n`);

  const [user, seller] = [await rpc.getSigner(0), await rpc.getSigner(1)];
  const client = await createClient({ runner: seller, deployment });
  const { UsageLedger: ledger, TestUSD: currency } = deployment.contracts;
  for (const to of [user.address, seller.address]) await mintTestUSD(client, { to, amount: 100n * DOLLAR });
  const { meterId } = await registerMeter(client, {
    payee: seller.address,
    endpoint: "https://meter.example",
  });
  const { capsuleId } = await publishCapsule(client, {
    kind: "data",
    contentHash: await hashContent(new TextEncoder().encode("id,label\n1,healthy\n")),
    uri: "https://data.example/set.csv",
    shares: [{ role: "data", units: 1n, account: user.address }],
    terms: {
      duration: 30n * 86_400n,
      revocationNotice: IRREVOCABLE,
      maxUnits: 1_000_000n,
      contexts: encodeContexts(["education"]),
      transferable: true,
    },
    offer: { ledger, meterId, currency, pricePerMillion: 25n * DOLLAR },
  });
  await approvePayment(client, { token: currency, amount: 10n * DOLLAR });
  await pay(client, { capsuleId, token: currency, amount: 10n * DOLLAR });
  rpc.destroy();
  return { url, close: () => server.close() };
}

if (import.meta.main) {
  const { url } = await startChain();
  console.log(`Chain 31337 is at ${url}. Add it to your wallet, and import the first account of Hardhat.`);
}

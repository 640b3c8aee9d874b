// A chain in this process with the grid, one offer and some earnings, for browsers on this machine.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type AddressInput,
  approvePayment,
  createClient,
  type Deployment,
  encodeContexts,
  IRREVOCABLE,
  pay,
  publishCapsule,
  registerMeter,
} from "@benefit-grid/sdk";
import type { NetworkConnection } from "hardhat/types/network";
import { deployGrid } from "../../scripts/lib/deployment.ts";

/** The first account of the chain owns data, and buys. */
export async function prepare(connection: NetworkConnection): Promise<void> {
  const deployment = (await deployGrid(connection)) as unknown as Deployment<AddressInput>;
  const [user, creator] = await connection.ethers.getSigners();
  if (!user || !creator) throw new Error("The chain has too few accounts.");
  const client = await createClient({ runner: creator, deployment });
  const token = client.addresses.TestUSD as AddressInput;
  const usd = client.contracts.TestUSD?.connect(user);
  for (const { address } of [user, creator]) await (await usd?.mint(address, 100_000_000n))?.wait();
  const { meterId } = await registerMeter(client, {
    operator: creator.address,
    payee: creator.address,
    endpoint: "https://meter.example",
  });
  const { capsuleId } = await publishCapsule(client, {
    kind: "data",
    contentHash: `0x${"01".repeat(32)}`,
    uri: "ipfs://data",
    shares: [{ role: "data", units: 1n, account: user.address }],
    terms: {
      duration: 30n * 86_400n,
      revocationNotice: IRREVOCABLE,
      maxUnits: 1_000_000n,
      contexts: encodeContexts(["education"]),
      transferable: true,
    },
    offer: { ledger: client.addresses.UsageLedger, meterId, currency: token, pricePerMillion: 25_000_000n },
  });
  await approvePayment(client, { token, amount: 10_000_000n });
  await pay(client, { capsuleId, token, amount: 10_000_000n });
}

/** Answers JSON-RPC of browsers, as a node does. */
export async function serve({ provider }: NetworkConnection, port = 0) {
  const server = createServer(async (request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "content-type");
    if (request.method !== "POST") return response.end();
    const { id, method, params } = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const answer = await provider.request({ method, params }).then(
      (result) => ({ result }),
      ({ code, message, data }) => ({ error: { code, message, data } }),
    );
    response.setHeader("content-type", "application/json");
    return response.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { rpc: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

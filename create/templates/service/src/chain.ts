// A test chain with all contracts of Benefit Grid. Its addresses are in chain.json. Stop it with Ctrl+C.
import { writeFileSync } from "node:fs";
import { deployGrid } from "@benefit-grid/contracts/testing";
import { JsonRpcProvider } from "ethers";
import { network } from "hardhat";

/** Starts a chain. Port 0 takes any free port. */
export async function startChain(port = 8545): Promise<{ url: string; close: () => Promise<void> }> {
  const server = await network.createServer(undefined, "127.0.0.1", port);
  const address = await server.listen();
  const url = `http://127.0.0.1:${address.port}`;
  const rpc = new JsonRpcProvider(url);
  const deployment = await deployGrid({
    provider: { request: ({ method, params = [] }) => rpc.send(method, params) },
  });
  rpc.destroy();
  const content = { ...deployment, chainId: Number(deployment.chainId), url };
  writeFileSync("chain.json", `${JSON.stringify(content, null, 2)}\n`);
  return { url, close: () => server.close() };
}

if (import.meta.main) {
  const { url } = await startChain();
  console.log(`The chain is at ${url}, with the contracts of chain.json.`);
}

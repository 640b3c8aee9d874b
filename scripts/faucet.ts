// Mints worthless test dollars, on test chains only.
//   npm run faucet -- --network sepolia --to 0x...
//   npm run faucet -- --rpc http://127.0.0.1:8545 --to 0x...
// Options:
//   --amount USD         @default 1000
//   --deployment FILE    @default deployments/<chainId>.json
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Address, createClient, mintTestUSD } from "@benefit-grid/sdk";
import { isAddress, parseUnits } from "ethers";
import { connect } from "./lib/network.ts";
import { deploymentFile } from "./lib/record.ts";

try {
  const { values } = parseArgs({
    options: {
      rpc: { type: "string" },
      network: { type: "string" },
      to: { type: "string" },
      amount: { type: "string", default: "1000" },
      deployment: { type: "string" },
    },
  });
  const { rpc, network: name, to, amount } = values;
  if (rpc === undefined && name === undefined) throw new Error("--network NAME or --rpc URL is missing.");
  if (!isAddress(to)) throw new Error("--to needs an address, 0x....");
  if (!/^\d+(\.\d{1,6})?$/.test(amount))
    throw new Error(`--amount needs dollars, such as 12.50; got "${amount}".`);
  const connection = await connect({ rpc, name });
  const { chainId } = await connection.ethers.provider.getNetwork();
  const file = values.deployment ?? deploymentFile(chainId);
  if (!existsSync(file)) throw new Error(`${file} does not exist. Name a record by --deployment FILE.`);
  const [runner] = await connection.ethers.getSigners();
  if (!runner) throw new Error("The network has no account to send from.");
  const deployment = JSON.parse(readFileSync(file, "utf8"));
  const client = await createClient({ runner, deployment });
  const { hash } = await mintTestUSD(client, { to: to as Address, amount: parseUnits(amount, 6) });
  console.log(`Minted ${amount} tUSD to ${to} on chain ${chainId}, transaction ${hash}.`);
  await connection.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

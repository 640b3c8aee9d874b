// Proves that the contracts on a chain are this source: code, immutables, role holders and settings are those that the
// recorded genesis gives. Prints each difference in a line, and exits with code 1 if there is one.
//   npm run check:deployment -- --rpc http://127.0.0.1:8545
//   npm run check:deployment -- --network sepolia
// Options:
//   --deployment FILE    @default deployments/<chainId>.json
//   --genesis FILE       compares with this file instead of the recorded genesis. Accounts are addresses.
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readGenesis } from "./lib/genesis.ts";
import { connect } from "./lib/network.ts";
import { type Deployment, deploymentFile } from "./lib/record.ts";
import { checkStanding } from "./lib/standing.ts";

try {
  const { values } = parseArgs({
    options: {
      rpc: { type: "string" },
      network: { type: "string" },
      deployment: { type: "string" },
      genesis: { type: "string" },
    },
  });
  const { rpc, network: name, genesis } = values;
  if (rpc === undefined && name === undefined) throw new Error("--network NAME or --rpc URL is missing.");
  const connection = await connect({ rpc, name, reads: true });
  const { provider } = connection.ethers;
  const { chainId } = await provider.getNetwork();
  const file = values.deployment ?? deploymentFile(chainId);
  if (!existsSync(file)) throw new Error(`${file} does not exist. Name a record by --deployment FILE.`);
  const record: Deployment = JSON.parse(readFileSync(file, "utf8"));
  const given = genesis === undefined ? undefined : readGenesis(genesis, []);
  const { problems, reference } = await checkStanding(provider, record, given);
  await connection.close();
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else {
    const { code, roles, settings } = reference.state;
    console.log(
      `Chain ${chainId}: ${Object.keys(code).length} contracts have the code of this source, ` +
        `${roles.length} roles and ${settings.length} settings are as in the genesis.`,
    );
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

// Deploys a further ledger with the present verifiers, for the deployment of deployments/<chainId>.json. Governance admits it.
//   npm run ledger -- --rpc http://127.0.0.1:8545   a node whose accounts are unlocked
//   npm run ledger -- --network sepolia             a network of hardhat.config.ts
// Options:
//   --dev-keys   allows the insecure development keys on any chain
import { parseArgs } from "node:util";
import { deployLedger } from "./lib/ledger.ts";
import { connect } from "./lib/network.ts";
import { DeploymentError } from "./lib/problems.ts";

try {
  const { values } = parseArgs({
    options: {
      rpc: { type: "string" },
      network: { type: "string" },
      "dev-keys": { type: "boolean", default: false },
    },
  });
  if (values.rpc === undefined && values.network === undefined)
    throw new DeploymentError("--network NAME or --rpc URL is missing.");
  const connection = await connect({ rpc: values.rpc, name: values.network });
  const ledger = await deployLedger(connection, { devKeys: values["dev-keys"] });
  console.log(`The ledger stands at ${ledger}. Admit it: npm run dao -- propose ledger --admit ${ledger}`);
  await connection.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

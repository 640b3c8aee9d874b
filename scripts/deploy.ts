// Deploys the grid and records it in deployments/<chainId>.json.
//   npm run deploy                                  a dry run on a fresh chain in this process
//   npm run deploy -- --rpc http://127.0.0.1:8545   a node whose accounts are unlocked
//   npm run deploy -- --network sepolia             a network of hardhat.config.ts
// Options:
//   --genesis FILE   the first admissions. @default ignition/genesis/<chainId>.json
//   --dry-run        checks and rehearses everything, and sends nothing
//   --dev-keys       allows the insecure development keys and TestUSD on any chain
//   --record         records a dry run too
//   --check          compares a dry run with the record
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  checkDeployment,
  type Deployment,
  deployGrid,
  deploymentFile,
  deploymentText,
  saveDeployment,
} from "./lib/deployment.ts";
import { connect } from "./lib/network.ts";

try {
  const { values } = parseArgs({
    options: {
      rpc: { type: "string" },
      network: { type: "string" },
      genesis: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      "dev-keys": { type: "boolean", default: false },
      record: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
    },
  });
  const connection = await connect({ rpc: values.rpc, name: values.network });
  const options = { genesis: values.genesis, devKeys: values["dev-keys"], displayUi: !values.check };
  if (values["dry-run"]) {
    const { chainId } = await checkDeployment(connection, options);
    console.log(`Chain ${chainId} can take this deployment. Nothing was sent.`);
  } else {
    const deployment = await deployGrid(connection, options);
    if (values.check) check(deployment);
    else if (values.rpc || values.network || values.record)
      console.log(`Recorded in ${saveDeployment(deployment)}.`);
    else console.log("A dry run: nothing is recorded.");
  }
  await connection.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function check(deployment: Deployment): void {
  const file = deploymentFile(deployment.chainId);
  if (readFileSync(file, "utf8") !== deploymentText(deployment)) {
    throw new Error(`${file} is stale: npm run deploy -- --record`);
  }
}

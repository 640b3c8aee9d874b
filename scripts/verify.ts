// Prepares the verification of a deployment's sources, and sends it. Writes for each contract the compiler's standard JSON
// input and the constructor arguments.
//   npm run verify -- --network sepolia
//   npm run verify -- --rpc http://127.0.0.1:8545 --prepare
// Sourcify needs no key. Etherscan needs ETHERSCAN_API_KEY, from Hardhat's keystore or the environment.
// Options:
//   --deployment FILE       @default deployments/<chainId>.json
//   --out FOLDER            @default verification/<chainId>
//   --prepare               writes the files, and sends nothing
//   --sourcify-url URL      another server
//   --etherscan-url URL     another server
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { connect } from "./lib/network.ts";
import { DeploymentError } from "./lib/problems.ts";
import { etherscanKey, publishSources } from "./lib/publish.ts";
import { type Deployment, deploymentFile } from "./lib/record.ts";
import { checkStanding } from "./lib/standing.ts";

try {
  const { values } = parseArgs({
    options: {
      rpc: { type: "string" },
      network: { type: "string" },
      deployment: { type: "string" },
      out: { type: "string" },
      prepare: { type: "boolean", default: false },
      "sourcify-url": { type: "string" },
      "etherscan-url": { type: "string" },
    },
  });
  const { rpc, network: name, deployment } = values;
  if (rpc === undefined && name === undefined) throw new Error("--network NAME or --rpc URL is missing.");
  const connection = await connect({ rpc, name, reads: true });
  const { provider } = connection.ethers;
  const { chainId } = await provider.getNetwork();
  const file = deployment ?? deploymentFile(chainId);
  if (!existsSync(file)) throw new Error(`${file} does not exist. Name a record by --deployment FILE.`);
  const record: Deployment = JSON.parse(readFileSync(file, "utf8"));
  const { problems, reference } = await checkStanding(provider, record);
  await connection.close();
  const wrongCode = problems.filter((problem) => / (code|address|immutable)/.test(problem));
  if (wrongCode.length > 0)
    throw new DeploymentError(`These contracts are not this source:\n  ${wrongCode.join("\n  ")}`);

  await publishSources(record, reference, {
    out: values.out,
    isPreparing: values.prepare,
    key: await etherscanKey(),
    urls: { sourcify: values["sourcify-url"], etherscan: values["etherscan-url"] },
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

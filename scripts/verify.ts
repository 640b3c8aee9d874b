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
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { config } from "hardhat";
import { connect } from "./lib/network.ts";
import { DeploymentError } from "./lib/problems.ts";
import { type Deployment, deploymentFile } from "./lib/record.ts";
import { checkStanding } from "./lib/standing.ts";
import { type Explorer, etherscan, type Submission, sourcify, submissionsOf } from "./lib/verification.ts";

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

  const submissions = await submissionsOf(reference, record.deployer ?? "");
  const out = values.out ?? `verification/${chainId}`;
  for (const submission of submissions) write(out, submission);
  console.log(`Wrote the inputs of ${submissions.length} contracts to ${out}.`);
  if (!values.prepare) {
    const key = await etherscanKey();
    const explorers = [sourcify({ chainId, url: values["sourcify-url"] })];
    if (key !== undefined) explorers.push(etherscan({ chainId, key, url: values["etherscan-url"] }));
    else console.log("ETHERSCAN_API_KEY is missing: Sourcify alone gets them.");
    for (const explorer of explorers) await send(explorer, submissions);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function write(out: string, { name, input, ...rest }: Submission): void {
  const folder = `${out}/${name}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/input.json`, JSON.stringify(input, null, 2));
  writeFileSync(`${folder}/contract.json`, `${JSON.stringify({ name, ...rest }, null, 2)}\n`);
}

/** Undefined if it is neither in the keystore nor in the environment. */
async function etherscanKey(): Promise<string | undefined> {
  return await config.verify.etherscan.apiKey.get().catch(() => undefined);
}

/** Goes on after a failure, so that one contract does not hold up the others. */
async function send({ name: explorer, verify }: Explorer, submissions: readonly Submission[]): Promise<void> {
  for (const submission of submissions) {
    try {
      console.log(`${explorer}: ${submission.name} is ${await verify(submission)}.`);
    } catch (error) {
      process.exitCode = 1;
      console.error(`${submission.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

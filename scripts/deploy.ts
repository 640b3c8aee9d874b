// Deploys the grid and records it in deployments/<chainId>.json. Run again, it continues or changes nothing.
//   npm run deploy                                  a dry run on a fresh chain in this process
//   npm run deploy -- --rpc http://127.0.0.1:8545   a node: its first unlocked account sends, else DEPLOYER_PRIVATE_KEY
//   npm run deploy -- --network sepolia             a network of hardhat.config.ts, with DEPLOYER_PRIVATE_KEY
// Options:
//   --genesis FILE       the first admissions. @default ignition/genesis/<chainId>.json
//   --accounts A,B,...   accounts 1, 2, ... of the genesis. @default the node's
//   --salt TEXT          other addresses, for a second deployment. @default "Benefit Grid"
//   --out FOLDER         of the record. @default deployments
//   --yes                sends without asking
//   --verify             publishes the sources afterwards, as npm run verify does. Needs ETHERSCAN_API_KEY
//   --dry-run            checks and rehearses everything, and sends nothing
//   --dev-keys           allows the insecure development keys and TestUSD on any chain
//   --record             records a dry run too
//   --check              compares a dry run with the record
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { formatEther, formatUnits, getAddress, isAddress } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { isLocalChain } from "../sdk/src/shared/chains.ts";
import type { Quote } from "./lib/chain-checks.ts";
import { checkDeployment, runDeployment } from "./lib/deployment.ts";
import { connect } from "./lib/network.ts";
import { DeploymentError } from "./lib/problems.ts";
import { etherscanKey, publishSources } from "./lib/publish.ts";
import { type Deployment, deploymentFile, deploymentText, saveDeployment } from "./lib/record.ts";
import { checkStanding } from "./lib/standing.ts";

try {
  const { values } = parseArgs({
    options: {
      rpc: { type: "string" },
      network: { type: "string" },
      genesis: { type: "string" },
      accounts: { type: "string" },
      salt: { type: "string" },
      out: { type: "string" },
      yes: { type: "boolean", default: false },
      verify: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      "dev-keys": { type: "boolean", default: false },
      record: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
    },
  });
  const key = values.verify ? await etherscanKey() : undefined;
  if (values.verify && key === undefined)
    throw new DeploymentError(
      "ETHERSCAN_API_KEY is missing. Set it by npx hardhat keystore set ETHERSCAN_API_KEY, or in the environment; " +
        "or leave out --verify, and send to Sourcify alone by npm run verify.",
    );
  const connection = await connect({ rpc: values.rpc, name: values.network });
  const options = {
    genesis: values.genesis,
    accounts: accountsOf(values.accounts),
    salt: values.salt,
    records: values.out,
    devKeys: values["dev-keys"],
    displayUi: !values.check,
    confirm: (quote: Quote) => confirm(quote, values.yes),
  };
  if (values["dry-run"]) {
    const { chainId } = await checkDeployment(connection, options);
    console.log(`Chain ${chainId} can take this deployment. Nothing was sent.`);
  } else {
    const { deployment, isNew } = await runDeployment(connection, options);
    await checkResult(connection, deployment);
    if (values.check) check(deployment);
    else if (!isNew)
      console.log(
        `Everything stands already. Nothing was sent. Recorded in ${saveDeployment(deployment, values.out)}.`,
      );
    else if (values.rpc || values.network || values.record)
      console.log(`Recorded in ${saveDeployment(deployment, values.out)}.`);
    else console.log("A dry run: nothing is recorded.");
    if (values.verify && deployment.code) {
      const { reference } = await checkStanding(connection.ethers.provider, deployment);
      await publishSources(deployment, reference, { key });
    }
  }
  await connection.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function accountsOf(list: string | undefined): string[] | undefined {
  return list?.split(",").map((one) => {
    if (!isAddress(one))
      throw new DeploymentError(`--accounts needs addresses with commas between; "${one}" is none.`);
    return getAddress(one);
  });
}

async function confirm({ chainId, deployer, gas, fee, cost }: Quote, isSure: boolean): Promise<boolean> {
  console.log(
    `Chain ${chainId}, deployer ${deployer}: ${gas} gas at ${formatUnits(fee, "gwei")} gwei = ${formatEther(cost)} ETH. ` +
      "A rollup adds the fee for its data.",
  );
  if (isSure) return true;
  if (!process.stdin.isTTY)
    throw new DeploymentError("Nobody can answer: there is no terminal. Pass --yes to send without asking.");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question("Send the transactions? [y/N] ");
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** `runDeployment` checks live chains only, by their rehearsal. */
async function checkResult(
  { ethers: { provider } }: NetworkConnection,
  deployment: Deployment,
): Promise<void> {
  if (deployment.code === undefined || !isLocalChain(BigInt(deployment.chainId))) return;
  const { problems } = await checkStanding(provider, deployment);
  if (problems.length > 0)
    throw new DeploymentError(`The deployment is not what it should be:\n  ${problems.join("\n  ")}`);
}

function check(deployment: Deployment): void {
  const file = deploymentFile(deployment.chainId);
  if (readFileSync(file, "utf8") !== deploymentText(deployment)) {
    throw new Error(`${file} is stale: npm run deploy -- --record`);
  }
}

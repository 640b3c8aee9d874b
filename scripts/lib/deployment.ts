import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { artifacts } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { CONTRACTS, type ContractKey } from "../../ignition/contracts.ts";
import { gridModule } from "../../ignition/modules/Grid.ts";
import type { Contracts } from "../../sdk/src/generated/index.ts";
import { isLocalChain } from "../../sdk/src/metering/developmentKeys.ts";
import { readInstances, verifierName } from "../circuits/instances.ts";
import { insecureCircuits, readManifest } from "../circuits/manifest.ts";
import { checkChain, checkFunds } from "./chain-checks.ts";
import { isTestChain } from "./chains.ts";
import { type Genesis, genesisFile, readGenesis } from "./genesis.ts";
import { DeploymentError } from "./problems.ts";
import { rehearse } from "./rehearsal.ts";

/** The content of `deployments/<chainId>.json`: addresses by contract name, and the block before the first event. */
export type Deployment = { chainId: number; blockNumber: number; contracts: Record<string, string> };

/** Contracts that only others call. The record does not list them. */
const PARTS = ["LicenseMetadata", "PoseidonT3", ...readInstances().map(({ name }) => verifierName(name))];

export type DeployOptions = {
  /** File with the first admissions and the parameters of votes. @default ignition/genesis/<chainId>.json */
  genesis?: string;
  displayUi?: boolean;
  /** Whether development keys and TestUSD are allowed on any chain. */
  devKeys?: boolean;
};

/** What a deployment needs, checked. */
type Plan = Genesis & { readonly id: string; readonly chainId: bigint };

/**
 * Deploys everything by the Ignition modules, after `checkDeployment`. On a live network it continues an interrupted
 * deployment.
 */
export async function deployGrid(
  connection: NetworkConnection,
  options: DeployOptions = {},
): Promise<Deployment> {
  const { id, chainId, admissions, parameters } = await checkDeployment(connection, options);
  const now = await connection.ethers.provider.getBlockNumber();
  const contracts = await connection.ignition.deploy(gridModule(admissions), {
    parameters,
    displayUi: options.displayUi ?? false,
    deploymentId: id,
  });
  const blockNumber = Math.min(now, blockBefore(id));
  return { chainId: Number(chainId), blockNumber, contracts: await addressesOf(contracts) };
}

/**
 * Checks keys, genesis, chain and deployer. Elsewhere than on a local chain it also rehearses the deployment and a round
 * of mining in this process. Sends nothing.
 *
 * @throws {GenesisError} with all problems of the genesis
 * @throws {DeploymentError} for development keys, an unfit chain or too little money
 */
export async function checkDeployment(
  connection: NetworkConnection,
  { genesis: given, devKeys = false }: DeployOptions = {},
): Promise<Plan> {
  const { provider } = connection.ethers;
  const { chainId } = await provider.getNetwork();
  const isLocal = isLocalChain(chainId);
  if (!isLocal && !devKeys) await checkKeys(chainId);
  const isForTests = devKeys || isTestChain(chainId);
  const file = given ?? genesisFile(chainId);
  if (file === undefined)
    throw new DeploymentError(
      `Chain ${chainId} has no genesis: write one like ignition/genesis/31337.json and name it by --genesis FILE.`,
    );
  const signers = await connection.ethers.getSigners();
  const accounts = signers.map(({ address }) => address);
  const genesis = readGenesis(file, accounts, { isForTests });
  await checkChain(provider, genesis, { file, isForTests });
  const id = await deploymentId(connection, chainId, genesis);
  if (!isLocal) {
    const gas = await rehearse(provider, genesis, file);
    // An interrupted deployment has paid a part already.
    if (!existsSync(journalOf(id))) await checkFunds(provider, accounts, gas);
  }
  return { id, chainId, ...genesis };
}

function journalOf(deploymentId: string): string {
  return `ignition/deployments/${deploymentId}/journal.jsonl`;
}

/** The block before a deployment's first transaction, by its journal: an earlier run may have sent it. */
function blockBefore(deploymentId: string): number {
  const journal = journalOf(deploymentId);
  if (!existsSync(journal)) return Number.POSITIVE_INFINITY;
  const lines = readFileSync(journal, "utf8").split("\n").filter(Boolean);
  const blocks = lines.flatMap((line) => JSON.parse(line).receipt?.blockNumber ?? []);
  return Math.min(...blocks) - 1;
}

async function checkKeys(chainId: bigint): Promise<void> {
  const bytecodeOf = async (verifier: string) => (await artifacts.readArtifact(verifier)).deployedBytecode;
  const insecure = await insecureCircuits(readManifest(), bytecodeOf);
  if (insecure.length === 0) return;
  throw new DeploymentError(
    `The proving keys of ${insecure.join(", ")} are dev-insecure: anybody can forge proofs of private use. Make keys by npm run ceremony, ` +
      `or deploy to chain ${chainId} with --dev-keys if it is a testnet.`,
  );
}

// A restarted local node is a new chain with the same id but another first block. Other code or another genesis makes
// another deployment.
async function deploymentId(
  { ethers }: NetworkConnection,
  chainId: bigint,
  genesis: Genesis,
): Promise<string> {
  const first = await ethers.provider.getBlock(0);
  const hash = createHash("sha256");
  hash.update(JSON.stringify(genesis, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
  for (const name of [...Object.values(CONTRACTS), ...PARTS])
    hash.update((await artifacts.readArtifact(name)).bytecode);
  return `chain-${chainId}-${first?.hash?.slice(2, 10)}-${hash.digest("hex").slice(0, 8)}`;
}

/** The contracts that the Grid module returns, with types. */
export type GridContracts = { [K in ContractKey]: Contracts[(typeof CONTRACTS)[K]] };

type Deployed = { getAddress(): Promise<string> };

export async function contractsOf(
  { getContractAt }: NetworkConnection["ethers"],
  deployed: Record<ContractKey, Deployed>,
): Promise<GridContracts> {
  const addresses = await addressesOf(deployed);
  const entries = Object.entries<string>(CONTRACTS).map(async ([key, name]) => {
    return [key, await getContractAt(name, addresses[name] ?? "")];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Addresses by the contracts' names. Leaves out everything else in `deployed`. */
export async function addressesOf(deployed: object): Promise<Record<string, string>> {
  const byKey = deployed as Partial<Record<string, Deployed>>;
  const entries = Object.entries(CONTRACTS).flatMap(([key, name]) => {
    const contract = byKey[key];
    return contract ? [{ name, contract }] : [];
  });
  return Object.fromEntries(
    await Promise.all(entries.map(async ({ name, contract }) => [name, await contract.getAddress()])),
  );
}

export function deploymentFile(chainId: number): string {
  return `deployments/${chainId}.json`;
}

export function deploymentText(deployment: Deployment): string {
  return `${JSON.stringify(deployment, null, 2)}\n`;
}

export function saveDeployment(deployment: Deployment): string {
  const file = deploymentFile(deployment.chainId);
  mkdirSync("deployments", { recursive: true });
  writeFileSync(file, deploymentText(deployment));
  return file;
}

/** The recorded deployment of this chain, if its contracts exist there with the present code. */
export async function findDeployment({ ethers }: NetworkConnection): Promise<Deployment | undefined> {
  const { chainId } = await ethers.provider.getNetwork();
  const file = deploymentFile(Number(chainId));
  if (!existsSync(file)) return undefined;
  const deployment: Deployment = JSON.parse(readFileSync(file, "utf8"));
  for (const [name, address] of Object.entries(deployment.contracts)) {
    const { deployedBytecode } = await artifacts.readArtifact(name);
    // Compares lengths only: immutables change the code, but not its length.
    if ((await ethers.provider.getCode(address)).length !== deployedBytecode.length) return undefined;
  }
  return deployment;
}

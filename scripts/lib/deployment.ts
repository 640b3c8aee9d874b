import { createHash } from "node:crypto";
import type { Provider } from "ethers";
import { artifacts } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { CONTRACTS, type ContractKey } from "../../ignition/contracts.ts";
import type { Contracts } from "../../sdk/src/generated/index.ts";
import { isLocalChain, isTestChain } from "../../sdk/src/shared/chains.ts";
import { readInstances, verifierName } from "../circuits/instances.ts";
import { insecureCircuits, readManifest } from "../circuits/manifest.ts";
import { checkChain, checkFree, checkFunds, type Quote, quoteOf } from "./chain-checks.ts";
import { DEFAULT_SALT, prepareCreateX } from "./create2.ts";
import { differences } from "./differences.ts";
import { type Genesis, genesisFile, readGenesis } from "./genesis.ts";
import { placesOf, readState } from "./grid-state.ts";
import { ignite } from "./ignite.ts";
import { type Journal, mendJournal, readJournal } from "./journal.ts";
import { DeploymentError } from "./problems.ts";
import { type Deployment, detailsOf, readDeployment } from "./record.ts";
import type { Reference } from "./reference.ts";
import { rehearse } from "./rehearsal.ts";

export type { Deployment };

/** Contracts that only others call. The record does not list them among the grid's. */
const PARTS = [
  "LicenseMetadata",
  "PoseidonT3",
  "EpochRunner",
  "PotBook",
  ...readInstances().map(({ name }) => verifierName(name)),
];

export type DeployOptions = {
  /** File with the first admissions and the parameters of votes. @default ignition/genesis/<chainId>.json */
  genesis?: string | undefined;
  /** Accounts that a genesis names by index. The first one is the deployer. @default those of the node */
  accounts?: readonly string[] | undefined;
  /** Another salt gives other addresses, for a second deployment. @default "Benefit Grid" */
  salt?: string | undefined;
  /** The folder of the records. @default deployments */
  records?: string | undefined;
  displayUi?: boolean;
  /** Whether development keys and TestUSD are allowed on any chain. */
  devKeys?: boolean;
  /** Asks before the first transaction. Not called on local chains, or if nothing is left to send. */
  confirm?: (quote: Quote) => Promise<boolean>;
};

/** What a deployment needs, checked. */
type Plan = Genesis & {
  readonly chainId: bigint;
  readonly deployer: string;
  readonly salt: string;
  readonly journal: Journal;
  readonly records?: string | undefined;
  /** Absent on local chains. */
  readonly reference?: Reference;
};

/** Deploys everything; see `runDeployment`. */
export async function deployGrid(
  connection: NetworkConnection,
  options?: DeployOptions,
): Promise<Deployment> {
  return (await runDeployment(connection, options)).deployment;
}

export type DeploymentRun = {
  readonly deployment: Deployment /** Whether anything was sent. */;
  readonly isNew: boolean;
};

/**
 * Deploys everything by the Ignition modules, after `checkDeployment`. On a node it continues an interrupted deployment,
 * and leaves a complete one as it is. Elsewhere than on a local chain it compares the result with the rehearsal.
 */
export async function runDeployment(
  connection: NetworkConnection,
  options: DeployOptions = {},
): Promise<DeploymentRun> {
  const { provider } = connection.ethers;
  const plan = await checkDeployment(connection, options);
  const { chainId, deployer, salt, journal, reference } = plan;
  const standing = reference && (await standingRecord(provider, plan, reference));
  if (standing) return { deployment: standing, isNew: false };
  const quote = reference && (await quoteOf(provider, { chainId, deployer }, gasLeft(reference, journal)));
  if (quote && quote.gas > 0n && options.confirm && !(await options.confirm(quote)))
    throw new DeploymentError("Nothing was sent.");

  const isKept = connection.networkConfig.type !== "edr-simulated";
  const [block, before] = await Promise.all([
    provider.getBlockNumber(),
    provider.getTransactionCount(deployer),
  ]);
  if (isKept) await mendJournal(connection, journal.folder, deployer);
  const { displayUi } = options;
  const folder = isKept ? journal.folder : undefined;
  const addresses = await ignite(connection, { ...plan, displayUi, folder });
  const contracts = gridAddresses(addresses);
  if (!isKept)
    return { deployment: { chainId: Number(chainId), blockNumber: block, contracts }, isNew: true };

  const { blockBefore, blocks } = readJournal(journal.folder);
  const places = placesOf(addresses, blocks);
  const state = await readState(provider, places, blockBefore + 1);
  const wrong = reference ? await differences(reference.state, state) : [];
  if (wrong.length > 0)
    throw new DeploymentError(`The deployment is not what it should be:\n  ${wrong.join("\n  ")}`);
  const base = { chainId: Number(chainId), blockNumber: blockBefore, contracts };
  const details = detailsOf(
    plan,
    { deployer, salt: isLocalChain(chainId) ? undefined : salt },
    places,
    state,
  );
  const isNew = (await provider.getTransactionCount(deployer)) > before;
  return { deployment: { ...base, ...details }, isNew };
}

/** The recorded deployment, if it is this one, and its journal is on another machine. */
async function standingRecord(
  provider: Provider,
  { chainId, journal, deployer, salt, records }: Plan,
  reference: Reference,
): Promise<Deployment | undefined> {
  if (journal.exists) return undefined;
  const record = readDeployment(chainId, records);
  const isSame = record?.deployer === deployer && record.salt === salt && record.code !== undefined;
  if (!isSame) return undefined;
  // A restarted node has none of it, and fewer blocks.
  for (const { address } of Object.values(record.code ?? {}))
    if ((await provider.getCode(address)) === "0x") return undefined;
  const state = await readState(provider, record.code ?? {}, record.blockNumber + 1);
  const wrong = await differences(reference.state, state);
  return wrong.length === 0 ? record : undefined;
}

function gasLeft({ gas }: Reference, { done }: Journal): bigint {
  return [...gas].reduce((sum, [futureId, one]) => (done.has(futureId) ? sum : sum + one), 0n);
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
  { genesis: given, accounts: named, salt = DEFAULT_SALT, records, devKeys = false }: DeployOptions = {},
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
  const [deployer] = signers.map(({ address }) => address);
  if (deployer === undefined) throw new DeploymentError("The network has no account to send from.");
  const accounts = named ? [deployer, ...named] : signers.map(({ address }) => address);
  const genesis = readGenesis(file, accounts, { isForTests });
  await checkChain(provider, genesis, { file, isForTests });
  await prepareCreateX(connection);
  const id = await deploymentId(connection, chainId, { genesis, deployer, salt });
  const journal = readJournal(`ignition/deployments/${id}`);
  const plan = { ...genesis, chainId, deployer, salt, journal, records };
  if (isLocal) return plan;
  const reference = await rehearse(provider, genesis, { file, deployer, salt });
  if (!journal.exists && !(await standingRecord(provider, plan, reference)))
    await checkFree(provider, reference.addresses);
  await checkFunds(provider, await quoteOf(provider, { chainId, deployer }, gasLeft(reference, journal)));
  return { ...plan, reference };
}

/** @throws {DeploymentError} for development keys */
export async function checkKeys(chainId: bigint): Promise<void> {
  const bytecodeOf = async (verifier: string) => (await artifacts.readArtifact(verifier)).deployedBytecode;
  const insecure = await insecureCircuits(readManifest(), bytecodeOf);
  if (insecure.length === 0) return;
  throw new DeploymentError(
    `The proving keys of ${insecure.join(", ")} are dev-insecure: anybody can forge proofs of private use. Make keys by npm run ceremony, ` +
      `or deploy to chain ${chainId} with --dev-keys if it is a testnet.`,
  );
}

// A restarted local node is a new chain with the same id but another first block. Other code, another genesis, deployer
// or salt makes another deployment.
async function deploymentId({ ethers }: NetworkConnection, chainId: bigint, choice: object): Promise<string> {
  const first = await ethers.provider.getBlock(0);
  const hash = createHash("sha256");
  hash.update(JSON.stringify(choice, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
  for (const name of [...Object.values(CONTRACTS), ...PARTS])
    hash.update((await artifacts.readArtifact(name)).bytecode);
  return `chain-${chainId}-${first?.hash?.slice(2, 10)}-${hash.digest("hex").slice(0, 8)}`;
}

/** The grid's contracts among all addresses, in the order of a record. */
function gridAddresses(addresses: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.values(CONTRACTS).flatMap((name) => {
      const address = addresses[name];
      return address ? [[name, address]] : [];
    }),
  );
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

/** The recorded deployment of this chain, if its contracts exist there with the present code. */
export async function findDeployment({ ethers }: NetworkConnection): Promise<Deployment | undefined> {
  const { chainId } = await ethers.provider.getNetwork();
  const deployment = readDeployment(chainId);
  for (const [name, address] of Object.entries(deployment?.contracts ?? {})) {
    const { deployedBytecode } = await artifacts.readArtifact(name);
    // Compares lengths only: immutables change the code, but not its length.
    if ((await ethers.provider.getCode(address)).length !== deployedBytecode.length) return undefined;
  }
  return deployment;
}

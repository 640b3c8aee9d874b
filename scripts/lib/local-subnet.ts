import {
  approveStake,
  type Client,
  createClient,
  createSubnet,
  type Deployment,
  fundSubnetFromWallet,
  getSubnetClock,
  getSubnetDefaults,
  hashContent,
  registerCapsule,
  registerMiner,
  registerValidator,
  type SubnetPhase,
  stakeFromWallet,
} from "@benefit-grid/sdk";
import type { DatasetVersion } from "@benefit-grid/sdk/subnets";
import type { NetworkConnection } from "hardhat/types/network";

/** An account with its client. */
export type Party = {
  readonly name: string;
  readonly address: `0x${string}`;
  readonly client: Client;
};

/** Files by their URIs. Stands for a public server: readers compare hashes with the chain. */
export type Files = Map<string, Uint8Array>;

export type SubnetPlan = {
  /** The miners' task and its scoring. */
  readonly description: string;
  /** Public data that miners and validators know. */
  readonly dataset: Uint8Array;
  readonly validators: readonly string[];
  readonly miners: readonly string[];
  /** Base units of TestUSD for each epoch. */
  readonly pot: bigint;
  /** Epochs with a pot, from 2 on. */
  readonly epochs: number;
};

export type LocalSubnet = {
  readonly subnetId: bigint;
  readonly dataset: DatasetVersion;
  /** TestUSD, which the sponsor pays with. */
  readonly token: `0x${string}`;
  readonly sponsor: Party;
  /** In the order of their slots. */
  readonly validators: readonly Party[];
  readonly miners: readonly Party[];
  readonly files: Files;
  /** Lets time pass until the next phase of this name begins. */
  readonly skipTo: (phase: SubnetPhase) => Promise<void>;
};

/** For stakes, fees and the bond. */
const COINS = 10_000n * 10n ** 8n;
/** Three validators that reveal weights have more than the 10,000 coins without which an epoch pays nobody. */
const STAKE = 4_000n * 10n ** 8n;

/**
 * Opens a subnet on a chain in this process: a sponsor creates and funds it, validators stake, and miners register. It is
 * the first second of epoch 2 then, so stakes and weights count.
 */
export async function openSubnet(
  connection: NetworkConnection,
  deployment: Deployment,
  plan: SubnetPlan,
): Promise<LocalSubnet> {
  const token = deployment.contracts.TestUSD as `0x${string}` | undefined;
  if (!token) throw new Error("This deployment has no TestUSD, which the sponsor pays with.");
  const names = ["sponsor", ...plan.validators, ...plan.miners];
  const [sponsor, ...others] = (await partiesOf(connection, deployment, names)) as [Party, ...Party[]];
  const [validators, miners] = [
    others.slice(0, plan.validators.length),
    others.slice(plan.validators.length),
  ];
  await giveCoins(connection, [sponsor, ...others]);
  const files: Files = new Map();
  const { subnetId, dataset } = await create(sponsor, plan, files);
  await fund(sponsor, subnetId, token, plan);
  const { params } = await getSubnetDefaults(sponsor.client);
  for (const { client } of validators) {
    await stakeFromWallet(client, { subnetId, amount: STAKE });
    await registerValidator(client, { subnetId });
  }
  for (const { client } of miners) {
    await approveStake(client, { amount: params.registrationFee });
    await registerMiner(client, { subnetId });
  }
  const skipTo = async (phase: SubnetPhase) => await skip(connection, sponsor.client, subnetId, phase);
  await skipTo("task");
  return { subnetId, dataset, token, sponsor, validators, miners, files, skipTo };
}

/** The node's first accounts are the deployer's and the council's. */
const TAKEN = 2;

/** Accounts of the node: they have gas money. */
async function partiesOf({ ethers }: NetworkConnection, deployment: Deployment, names: readonly string[]) {
  const signers = await ethers.getSigners();
  const needed = TAKEN + names.length;
  if (signers.length < needed) {
    const why = `the first ${TAKEN} belong to deployer and council`;
    throw new Error(`The node has ${signers.length} accounts. ${needed} are needed: ${why}.`);
  }
  return await Promise.all(
    signers.slice(TAKEN, needed).map(async (runner, i) => ({
      name: names[i] as string,
      client: await createClient({ runner, deployment }),
      address: runner.address as `0x${string}`,
    })),
  );
}

/**
 * Mints Foundation Coin in the name of the mine, as no other chain allows. There, coins come from proof of benefit, and
 * from sales.
 */
async function giveCoins({ ethers, networkHelpers }: NetworkConnection, parties: readonly Party[]) {
  const { contracts, addresses } = (parties[0] as Party).client;
  await networkHelpers.impersonateAccount(addresses.BenefitMine);
  await networkHelpers.setBalance(addresses.BenefitMine, 10n ** 18n);
  const coin = contracts.FoundationCoin.connect(await ethers.getSigner(addresses.BenefitMine));
  for (const { address } of parties) await (await coin.mint(address, COINS)).wait();
  await networkHelpers.stopImpersonatingAccount(addresses.BenefitMine);
}

/** The sponsor registers the public data, and creates the subnet. */
async function create({ client, address: owner }: Party, plan: SubnetPlan, files: Files) {
  const contentHash = await hashContent(plan.dataset);
  const uri = await publish(files, plan.dataset);
  const { capsuleId } = await registerCapsule(client, { owner, kind: "data", contentHash, uri });
  const description = new TextEncoder().encode(plan.description);
  const { bond } = await getSubnetDefaults(client);
  await approveStake(client, { amount: bond });
  const { subnetId } = await createSubnet(client, {
    metadataHash: await hashContent(description),
    uri: await publish(files, description),
  });
  return { subnetId, dataset: { capsuleId, version: 1n } };
}

async function fund(
  { client, address }: Party,
  subnetId: bigint,
  token: `0x${string}`,
  { pot, epochs }: SubnetPlan,
) {
  await (await client.contracts.TestUSD?.mint(address, pot * BigInt(epochs)))?.wait();
  const order = { subnetId, token, amountPerEpoch: pot, epochs: BigInt(epochs) };
  await fundSubnetFromWallet(client, { ...order, firstEpoch: 2n });
}

async function skip(
  { networkHelpers }: NetworkConnection,
  client: Client,
  subnetId: bigint,
  phase: SubnetPhase,
) {
  const { starts, epochEndsAt } = await getSubnetClock(client, { subnetId });
  const now = BigInt(await networkHelpers.time.latest());
  const isPast = starts[phase] <= now;
  await networkHelpers.time.increaseTo(isPast ? starts[phase] + epochEndsAt - starts.task : starts[phase]);
}

/** Stores a file. Returns its URI. */
export async function publish(files: Files, content: Uint8Array): Promise<string> {
  const uri = uriOf(await hashContent(content));
  files.set(uri, content);
  return uri;
}

/** The address of content by its SHA-256. */
export function uriOf(contentHash: string): string {
  return `https://files.example/${contentHash}`;
}

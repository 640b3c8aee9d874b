import type { BigNumberish, ContractTransactionResponse } from "ethers";
import { ethers, networkHelpers } from "../grid.ts";

export const COIN = 10n ** 8n;
export const HOUR = 3_600n;
export const UNSTAKE_DELAY = 7n * 86_400n;
export const BOND = 1_000n * COIN;
export const FEE = 5n * COIN;
export const ONE = 2n ** 32n;
export const SECTOR = 7;
export const SALT = ethers.id("salt");
export const EVIDENCE = ethers.id("evidence");
export const URI = "ipfs://evidence";
export const HASH = ethers.id("description");

export const Kind = { Open: 0n, Sovereign: 1n } as const;
export const Phase = { Task: 0n, Answer: 1n, Score: 2n, Reveal: 3n } as const;

/** Small tables and short epochs. */
export const PARAMS = {
  kappa: ONE / 2n,
  alpha: ONE / 10n,
  beta: ONE,
  minValidatorStake: 100n * COIN,
  minTotalStake: 300n * COIN,
  registrationFee: FEE,
  tempo: HOUR,
  immunity: 2n,
  maxValidators: 3n,
  maxMiners: 4n,
};

export type SubnetParams = typeof PARAMS;
export type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];

/** A hub with its libraries. */
export async function deployHub(coin: string, champions: string, admin: string) {
  const [EpochRunner, PotBook] = await Promise.all(
    (["EpochRunner", "PotBook"] as const).map(async (name) => {
      return await (await ethers.deployContract(name)).getAddress();
    }),
  );
  const libraries = { EpochRunner: EpochRunner as string, PotBook: PotBook as string };
  const factory = await ethers.getContractFactory("SubnetHub", { libraries });
  return await factory.deploy(coin, champions, admin);
}

/** A hub with small defaults, a coin that anyone can mint, and accounts with coins and approvals. */
export async function hubFixture() {
  const signers = await ethers.getSigners();
  const [admin, creator, sponsor, stranger] = signers as [Signer, Signer, Signer, Signer];
  const validators = signers.slice(4, 8) as [Signer, Signer, Signer, Signer];
  const miners = signers.slice(8, 14) as [Signer, Signer, Signer, Signer, Signer, Signer];
  const coin = await ethers.deployContract("VotesToken");
  const champions = await ethers.deployContract("TestChampions");
  const hub = await deployHub(await coin.getAddress(), await champions.getAddress(), admin.address);
  for (const account of [creator, sponsor, ...validators, ...miners]) {
    await coin.mint(account, 1_000_000n * COIN);
    await coin.connect(account).approve(hub, ethers.MaxUint256);
  }
  await hub.setDefaultParams(PARAMS);
  return { hub, coin, champions, admin, creator, sponsor, stranger, validators, miners, ...clockOf(hub) };
}

export type Hub = Awaited<ReturnType<typeof deployHub>>;
export type HubFixture = Awaited<ReturnType<typeof hubFixture>>;

/** Moves the clock to the first second of a phase. */
export function clockOf(hub: Pick<Hub, "subnetOf" | "paramsOf">) {
  const startOf = async (epoch: bigint, phase: bigint, subnetId = 1n) => {
    const [{ start }, { tempo }] = await Promise.all([hub.subnetOf(subnetId), hub.paramsOf(subnetId)]);
    return start + (epoch - 1n) * tempo + (phase * tempo + 3n) / 4n;
  };
  const goTo = async (epoch: bigint, phase: bigint = Phase.Task, subnetId = 1n) => {
    const time = await startOf(epoch, phase, subnetId);
    if (BigInt(await networkHelpers.time.latest()) < time) await networkHelpers.time.increaseTo(time);
  };
  return { startOf, goTo };
}

/** Subnet 1, open, in its epoch 1. */
export async function subnetFixture() {
  const fixture = await networkHelpers.loadFixture(hubFixture);
  await fixture.hub.connect(fixture.creator).create(0, HASH, "ipfs://subnet");
  return { ...fixture, subnetId: 1n };
}

/** `subnetFixture` with 3 validators of 500, 300 and 200 coins and 3 miners, in epoch 2: their stake counts. */
export async function seatsFixture() {
  const fixture = await networkHelpers.loadFixture(subnetFixture);
  const { hub, validators, miners, goTo } = fixture;
  for (const [i, coins] of [500n, 300n, 200n].entries()) {
    const validator = hub.connect(validators[i] as Signer);
    await validator.stake(1, coins * COIN);
    await validator.registerValidator(1);
  }
  for (const miner of miners.slice(0, 3)) await hub.connect(miner).registerMiner(1);
  await goTo(2n);
  return fixture;
}

export type SubnetFixture = Awaited<ReturnType<typeof subnetFixture>>;

/** Two bytes per weight. */
export function packWeights(weights: readonly BigNumberish[]): string {
  return ethers.concat(weights.map((weight) => ethers.toBeHex(weight, 2)));
}

type Weights = { hub: Hub; validator: Signer; weights: string; epoch: bigint; subnetId?: bigint };

/** What a validator commits. */
export async function weightsHash({ hub, validator, weights, epoch, subnetId = 1n }: Weights) {
  const { chainId } = await ethers.provider.getNetwork();
  const types = "uint256 address uint32 uint32 address bytes32 bytes32 bytes32 bytes32".split(" ");
  const values = [
    chainId,
    await hub.getAddress(),
    subnetId,
    epoch,
    validator.address,
    ethers.keccak256(weights),
    EVIDENCE,
    ethers.id(URI),
    SALT,
  ];
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, values));
}

/** What a validator or miner commits in a round. */
export async function contentHash(hub: Hub, account: Signer, epoch: bigint, content: string, subnetId = 1n) {
  const { chainId } = await ethers.provider.getNetwork();
  const types = "uint256 address uint32 uint32 address bytes32 bytes32".split(" ");
  const values = [chainId, await hub.getAddress(), subnetId, epoch, account.address, content, SALT];
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, values));
}

/** Reveals what was committed as `weightsHash`. */
export function reveal(
  hub: Hub,
  validator: Signer,
  weights: string,
  subnetId = 1n,
): Promise<ContractTransactionResponse> {
  return hub.connect(validator).revealWeights(subnetId, weights, EVIDENCE, URI, SALT);
}

/** Validators commit and reveal their rows in an epoch. The chain is in its last phase then. */
export async function score(
  { hub, goTo }: Pick<HubFixture, "hub" | "goTo">,
  epoch: bigint,
  rows: ReadonlyMap<Signer, readonly BigNumberish[]>,
  subnetId = 1n,
) {
  await goTo(epoch, Phase.Task, subnetId);
  for (const [validator, row] of rows) {
    const hash = await weightsHash({ hub, validator, weights: packWeights(row), epoch, subnetId });
    await hub.connect(validator).commitWeights(subnetId, hash);
  }
  await goTo(epoch, Phase.Reveal, subnetId);
  for (const [validator, row] of rows) await reveal(hub, validator, packWeights(row), subnetId);
}

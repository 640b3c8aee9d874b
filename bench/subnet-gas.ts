// Gas of an epoch of a subnet, as a whole transaction: the second one, when all stakes count and all validators reveal.
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";

/** Validators and miners. The last one is among the largest tables, and its columns take longest to sort. */
const SIZES = [
  [4, 8],
  [16, 64],
  [48, 64],
] as const;
const EPOCH = 7 * 86_400;
const ONE = 1n << 32n;
const STAKE = 10n ** 10n;
const NO_HASH = `0x${"00".repeat(32)}`;

type Account = Awaited<ReturnType<NetworkConnection["ethers"]["getSigners"]>>[number];

/** By the number of validators and miners; also the gas of each cell at the largest size. */
export async function measureSubnets(): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const [validators, miners] of SIZES) {
    const gas = await gasOf(validators, miners);
    figures[`runEpoch${validators}x${miners}`] = gas;
    figures[`runEpochCell${validators}x${miners}`] = Math.round(gas / (validators * miners));
  }
  return figures;
}

async function gasOf(size: number, miners: number): Promise<number> {
  const connection = await network.create();
  const { ethers, networkHelpers } = connection;
  const { hub, validators } = await prepare(connection, size, miners);
  const { start } = await hub.subnetOf(1);
  let gas = 0;
  for (const epoch of [2, 3]) {
    const begin = Number(start) + (epoch - 1) * EPOCH;
    // After the first run, it is this epoch already.
    if (epoch === 2) await networkHelpers.time.increaseTo(begin);
    const rows = validators.map((validator, i) => ({ validator, weights: rowOf(i, miners) }));
    for (const { validator, weights } of rows) {
      const hash = await commitmentOf(connection, [
        await hub.getAddress(),
        epoch,
        validator.address,
        weights,
      ]);
      await hub.connect(validator).commitWeights(1, hash);
    }
    await networkHelpers.time.increaseTo(begin + (3 * EPOCH) / 4);
    for (const { validator, weights } of rows)
      await hub.connect(validator).revealWeights(1, weights, NO_HASH, "", NO_HASH);
    await networkHelpers.time.increaseTo(begin + EPOCH);
    gas = await gasUsed(hub.runEpoch(1));
  }
  await connection.close();
  return gas;

  function rowOf(i: number, count: number): string {
    // Descending columns are the worst for the sort. All but the last descend: rows have about equal sums.
    const weights = Array.from({ length: count }, (_, j) => (j === count - 1 ? 60_000 : 6_400 - 100 * i + j));
    return ethers.concat(weights.map((weight) => ethers.toBeHex(weight, 2)));
  }
}

/** A hub whose subnet 1 has full tables. */
async function prepare({ ethers, networkHelpers }: NetworkConnection, size: number, miners: number) {
  const [owner] = (await ethers.getSigners()) as [Account];
  const coin = await ethers.deployContract("VotesToken");
  const champions = await ethers.deployContract("TestChampions");
  const libraries = {
    EpochRunner: await (await ethers.deployContract("EpochRunner")).getAddress(),
    PotBook: await (await ethers.deployContract("PotBook")).getAddress(),
  };
  const factory = await ethers.getContractFactory("SubnetHub", { libraries });
  const hub = await factory.deploy(coin, champions, owner.address);
  const tables = { maxValidators: size, maxMiners: miners };
  const stakes = { minValidatorStake: STAKE, minTotalStake: STAKE, registrationFee: 0 };
  const fractions = { kappa: ONE / 2n, alpha: ONE / 10n, beta: ONE };
  await hub.setDefaultParams({ ...fractions, ...stakes, ...tables, tempo: EPOCH, immunity: 4 });
  await hub.setSubnetBond(0);
  await hub.create(0, NO_HASH, "");
  const accounts = await Promise.all(Array.from({ length: size + miners }, (_, i) => accountOf(i)));
  const validators = accounts.slice(0, size);
  for (const validator of validators) {
    await coin.mint(validator, STAKE);
    await coin.connect(validator).approve(hub, STAKE);
    await hub.connect(validator).stake(1, STAKE);
    await hub.connect(validator).registerValidator(1);
  }
  for (const miner of accounts.slice(size)) await hub.connect(miner).registerMiner(1);
  return { hub, validators };

  async function accountOf(i: number): Promise<Account> {
    const address = ethers.toBeHex(2n ** 100n + BigInt(i), 20);
    await networkHelpers.impersonateAccount(address);
    await networkHelpers.setBalance(address, 10n ** 18n);
    return await ethers.getSigner(address);
  }
}

/** As `SubnetWeights` computes it, for subnet 1, without evidence and salt. */
async function commitmentOf(
  { ethers }: NetworkConnection,
  [hub, epoch, validator, weights]: readonly [string, number, string, string],
): Promise<string> {
  const { chainId } = await ethers.provider.getNetwork();
  const types = "uint256 address uint32 uint32 address bytes32 bytes32 bytes32 bytes32".split(" ");
  const hashes = [ethers.keccak256(weights), NO_HASH, ethers.id(""), NO_HASH];
  const values = [chainId, hub, 1, epoch, validator, ...hashes];
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, values));
}

async function gasUsed(sending: Promise<ContractTransactionResponse>): Promise<number> {
  return Number((await (await sending).wait())?.gasUsed);
}

import type { BaseContract, Provider } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { type Admissions, gridModule } from "../../ignition/modules/Grid.ts";
import type { Genesis } from "./genesis.ts";
import { GenesisError, type Problem } from "./problems.ts";

const DAY = 86_400;

/**
 * Deploys a genesis on a chain in this process, with the same id, gas limit and tokens. Then sources and champions mine
 * a round, until its coins are on sale. Finds what no rule states.
 *
 * @returns the gas of the deployment
 * @throws {GenesisError} if a step fails
 */
export async function rehearse(provider: Provider, genesis: Genesis, file: string): Promise<bigint> {
  const [{ chainId }, block] = await Promise.all([provider.getNetwork(), provider.getBlock("latest")]);
  const override = { chainId: Number(chainId), ...(block && { blockGasLimit: block.gasLimit }) };
  const stage = await network.create({ override });
  try {
    for (const { token } of genesis.admissions.currencies)
      if (token !== "TestUSD") await stage.networkHelpers.setCode(token, await provider.getCode(token));
    const { admissions, parameters } = genesis;
    const { mine, sale } = await stage.ignition.deploy(gridModule(admissions), { parameters });
    const gas = await gasUsed(stage);
    await mineRound(stage, { mine, sale }, admissions);
    return gas;
  } catch (error) {
    throw new GenesisError(file, [problemOf(error)]);
  } finally {
    await stage.close();
  }
}

async function gasUsed({ ethers: { provider } }: NetworkConnection): Promise<bigint> {
  let gas = 0n;
  for (let number = await provider.getBlockNumber(); number > 0; number--)
    gas += (await provider.getBlock(number))?.gasUsed ?? 0n;
  return gas;
}

/** All sources report what they may for all champions, and at least one champion gets enough coins for a lot. */
async function mineRound(
  { networkHelpers: { time, impersonateAccount, setBalance }, ethers }: NetworkConnection,
  deployed: Record<"mine" | "sale", BaseContract>,
  admissions: Admissions,
): Promise<void> {
  const mine = await ethers.getContractAt("BenefitMine", deployed.mine);
  const sale = await ethers.getContractAt("CoinSale", deployed.sale);
  await time.increase(DAY); // Sectors have weight from the second round on.
  const round = await mine.currentRound();
  const earners = earnersOf(admissions);
  for (const { account, cap } of admissions.sources) {
    await impersonateAccount(account);
    await setBalance(account, 10n ** 20n);
    const source = mine.connect(await ethers.getSigner(account));
    const left = new Map(earners.map(({ sector }) => [sector, cap]));
    for (const earner of earners) {
      const units = least(left.get(earner.sector) ?? 0n, earner.most);
      if (units > 0n) await source.report(earner.championId, earner.sector, units);
      left.set(earner.sector, (left.get(earner.sector) ?? 0n) - units);
      earner.most -= units;
    }
  }
  await time.increase(DAY + Number(await mine.HOLD()));
  await mine.close(round);
  const lots = [];
  for (const { championId, sector, most, all } of earners) {
    if (most === all) continue;
    await mine.mint(round, sector, championId);
    lots.push(await sale.open(championId).then(() => "", explained));
  }
  if (!lots.includes("")) throw new MiningError(lots[0]);
}

/** Each champion with the first of its sectors that has weight, and the maximum units of a round. */
function earnersOf({ champions, sectors }: Admissions) {
  return champions.flatMap((champion, i) => {
    const open = sectors.find(
      ({ sector, weight, allowance }) => weight > 0n && allowance > 0n && champion.sectors.includes(sector),
    );
    if (!open) return [];
    const all = least(open.allowance * champion.population, open.target);
    return [{ championId: i + 1, sector: open.sector, all, most: all }];
  });
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

class MiningError extends Error {}

function explained(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Ignition names the failed call after its entry in the file, such as `Grid#champions_1`. */
function problemOf(error: unknown): Problem {
  const text = explained(error).replaceAll(/\s+/g, " ");
  if (error instanceof MiningError) {
    const problem = `mines too little for a lot, by all sources together: ${text}`;
    return { field: "The first round", problem, advice: "Raise caps and allowances, or lower targets" };
  }
  return { field: "The deployment", problem: `fails in a rehearsal: ${text}`, advice: "Correct the file" };
}

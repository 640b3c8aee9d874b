import type { Provider } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import type { Admissions } from "../../ignition/modules/Grid.ts";
import type { Genesis } from "./genesis.ts";
import { GenesisError, type Problem } from "./problems.ts";
import { type Reference, referenceOf } from "./reference.ts";

const DAY = 86_400;

type Place = { readonly file: string; readonly deployer: string; readonly salt: string };

/**
 * Deploys a genesis on a chain in this process. Then sources and champions mine a round, until its coins are on sale.
 * Finds what no rule states.
 *
 * @returns what the deployment must give on the real chain
 * @throws {GenesisError} if a step fails
 */
export async function rehearse(
  provider: Provider,
  genesis: Genesis,
  { file, deployer, salt }: Place,
): Promise<Reference> {
  try {
    return await referenceOf(provider, genesis, { deployer, salt, nonce: 0 }, async (stage, addresses) =>
      mineRound(stage, addresses, genesis.admissions),
    );
  } catch (error) {
    throw new GenesisError(file, [problemOf(error)]);
  }
}

/** All sources report what they may for all champions, and at least one champion gets enough coins for a lot. */
async function mineRound(
  { networkHelpers: { time, impersonateAccount, setBalance }, ethers }: NetworkConnection,
  addresses: Readonly<Record<string, string>>,
  admissions: Admissions,
): Promise<void> {
  const mine = await ethers.getContractAt("BenefitMine", addresses.BenefitMine ?? "");
  const sale = await ethers.getContractAt("CoinSale", addresses.CoinSale ?? "");
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

import { DAY, ethers, networkHelpers } from "../grid.ts";

export const HEALTH = 7n;
export const TRAINING = 9n;
export const IDLE = 11n;
export const CAP = 5_000n;
export const STOPPER_ROLE = ethers.id("STOPPER_ROLE");
export const FIRST = 144n * 50n * 10n ** 8n; // subsidy of a round before the first halving
/** Quality 1, as fixed point. */
export const QUALITY_ONE = 2n ** 16n;
export const TOTAL = 2_099_999_997_690_000n;

export const HEALTH_PARAMS = { weight: 3n, target: 1_000n, allowance: 2n };
export const TRAINING_PARAMS = { weight: 1n, target: 500n, allowance: 2n };

export type SectorParams = typeof HEALTH_PARAMS;

/** A mine in round 2, the first with sector weights: two sectors, two champions, one source. The admin stops sources. */
export async function mineFixture() {
  const [admin, source, other, stranger] = await ethers.getSigners();
  if (!admin || !source || !other || !stranger) throw new Error("Four accounts are needed.");
  const champions = await ethers.deployContract("TestChampions");
  const mine = await ethers.deployContract("BenefitMine", [champions, admin]);
  // The sale as a signer, so that tests can move coins in its name.
  const sale = await ethers.getImpersonatedSigner(await mine.SALE());
  await networkHelpers.setBalance(sale.address, 10n ** 18n);
  const coin = await ethers.getContractAt("FoundationCoin", await mine.COIN());
  const start = await mine.START();
  for (const [championId, population] of [
    [1n, 1_000n],
    [2n, 500n],
  ] as const) {
    await champions.setPopulation(championId, population);
    for (const sector of [HEALTH, TRAINING, IDLE]) await champions.setRewarded(championId, sector, true);
  }
  await mine.setSector(HEALTH, HEALTH_PARAMS);
  await mine.setSector(TRAINING, TRAINING_PARAMS);
  await mine.admitSource(source, CAP);
  await mine.grantRole(STOPPER_ROLE, admin);

  /** Start of a round, in seconds since 1970. */
  const startOf = (round: bigint) => start + (round - 1n) * DAY;
  /** Moves the clock to the start of a round. */
  const goTo = (round: bigint) => networkHelpers.time.increaseTo(startOf(round));
  const report = (championId: bigint, sector: bigint, units: bigint) =>
    mine.connect(source).report(championId, sector, units);

  await goTo(2n);
  return { admin, source, other, sale, stranger, champions, mine, coin, start, startOf, goTo, report };
}

export type MineFixture = Awaited<ReturnType<typeof mineFixture>>;

/** `mineFixture` with a hub of subnets: in health, champion 1 has quality 1 and champion 2 a quarter; in training both 1. */
export async function gradedFixture() {
  const fixture = await networkHelpers.loadFixture(mineFixture);
  const subnets = await ethers.deployContract("TestSubnets");
  await fixture.mine.setSubnets(subnets);
  for (const [sector, championId, quality] of [
    [HEALTH, 1n, QUALITY_ONE],
    [HEALTH, 2n, QUALITY_ONE / 4n],
    [TRAINING, 1n, QUALITY_ONE],
    [TRAINING, 2n, QUALITY_ONE],
  ] as const)
    await subnets.setQuality(sector, championId, quality);
  return { ...fixture, subnets };
}

/** `mineFixture` after its hold, in round 6: 600 and 400 units in health, 250 in training, and the round is closed. */
export async function closedFixture() {
  const fixture = await networkHelpers.loadFixture(mineFixture);
  const { mine, report, goTo } = fixture;
  await report(1n, HEALTH, 600n);
  await report(2n, HEALTH, 400n);
  await report(2n, TRAINING, 250n);
  await goTo(6n);
  await mine.close(2n);
  return fixture;
}

/** One height, as the mine counts. */
export const HEIGHT = 2n ** 64n;

/** Heights mined for one sector alone, by the design's formula, independent of the contract. */
export function advanceOf(params: SectorParams, totalWeight: bigint, units: bigint) {
  const paid = units < params.target ? units : params.target;
  const benefit = (HEIGHT * params.weight * paid) / params.target;
  return (144n * benefit) / totalWeight;
}

/** Earnings of a sector alone in the first round, by the design's formula, independent of the contract. */
export function earned(subsidy: bigint, params: SectorParams, totalWeight: bigint, units: bigint) {
  return (subsidy * advanceOf(params, totalWeight, units)) / (144n * HEIGHT);
}

import { FRANCE, KENYA, METADATA, PROGRAMME_ROLE, ProgrammeKind } from "../commons/support.ts";
import { DAY, ethers, HOLD, networkHelpers } from "../grid.ts";
import { HEALTH, HEALTH_PARAMS, TRAINING, TRAINING_PARAMS } from "./support.ts";

export const COIN = 10n ** 8n;
/** Earnings of champion 1 for all of health's benefit in a round: 5,400 coins. */
export const HEALTH_COINS = 5_400n * COIN;
/** Earnings of champion 1 for all of training's benefit in a round: 1,800 coins. */
export const TRAINING_COINS = 1_800n * COIN;
/** Reserve price in base units per whole coin: two dollars with six decimals. */
export const RESERVE = 2_000_000n;
export const OTHER_RESERVE = 3n * 10n ** 18n;
/** Price of lot 1 of `lotFixture` at the reserve price. */
export const WHOLE = 5_400n * RESERVE;

type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];
type People = [Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer];

/**
 * Commons, registry, mine and sale as deployed, governed by `governance`. Champions 1 and 2 have a programme each.
 * There are two currencies, the dollar as default. Alice, Bob and Carol hold both and have approved the sale.
 */
export async function saleFixture() {
  const [governance, source, operator, registrar, steward, alice, bob, carol, stranger] =
    (await ethers.getSigners()) as Signer[] as People;
  const commons = await ethers.deployContract("Commons", [governance]);
  await commons.startProgramme(ProgrammeKind.Research, steward, METADATA.hash, METADATA.uri);
  await commons.startProgramme(ProgrammeKind.Service, steward, METADATA.hash, METADATA.uri);
  const champions = await ethers.deployContract("ChampionRegistry", [commons, governance]);
  await champions.grantRole(PROGRAMME_ROLE, governance);
  const accounts = { operator: operator.address, registrar: registrar.address, population: 1_000_000n };
  const sectors = [HEALTH, TRAINING];
  await champions.admit({ country: FRANCE, programmeId: 1n, sectors, ...accounts });
  await champions.admit({ country: KENYA, programmeId: 2n, sectors, ...accounts });

  const mine = await ethers.deployContract("BenefitMine", [champions, governance]);
  const coin = await ethers.getContractAt("FoundationCoin", await mine.COIN());
  const sale = await ethers.getContractAt("CoinSale", await mine.SALE());
  await mine.setSector(HEALTH, HEALTH_PARAMS);
  await mine.setSector(TRAINING, TRAINING_PARAMS);
  await mine.admitSource(source, 10n ** 9n);

  const usd = await ethers.deployContract("TestUSD");
  const other = await ethers.deployContract("PlainToken", [18]);
  await sale.setCurrency(usd, RESERVE);
  await sale.setCurrency(other, OTHER_RESERVE);
  await sale.setStandardCurrency(usd);
  for (const buyer of [alice, bob, carol]) {
    for (const token of [usd, other]) await fundBuyer(buyer, token, sale);
  }
  const people = { governance, source, operator, registrar, steward, alice, bob, carol, stranger };
  return { ...people, commons, champions, mine, coin, sale, usd, other };
}

export type SaleFixture = Awaited<ReturnType<typeof saleFixture>>;

type Fundable = {
  mint(to: Signer, amount: bigint): Promise<unknown>;
  connect(signer: Signer): { approve(spender: SaleFixture["sale"], amount: bigint): Promise<unknown> };
};

/** Gives a buyer plenty of a token and approves the sale. */
export async function fundBuyer(buyer: Signer, token: Fundable, sale: SaleFixture["sale"]) {
  await token.mint(buyer, 10n ** 30n);
  await token.connect(buyer).approve(sale, ethers.MaxUint256);
}

/** `saleFixture` with a helper: it mints any amount for a round as the mine. */
export async function stockFixture() {
  const fixture = await networkHelpers.loadFixture(saleFixture);
  const { mine, coin, sale } = fixture;
  const miner = await ethers.getImpersonatedSigner(await mine.getAddress());
  await networkHelpers.setBalance(miner.address, 10n ** 20n);
  const stock = async (championId: bigint, round: bigint, amount: bigint) => {
    await coin.connect(miner).mint(sale, amount);
    return await sale.connect(miner).stock(championId, round, amount);
  };
  return { ...fixture, miner, stock };
}

/** Champion 1 earns 5,400 coins of health in the current round; they are minted after its hold. */
export async function earnHealth({ mine, source }: Pick<SaleFixture, "mine" | "source">) {
  const round = await mine.currentRound();
  await mine.connect(source).report(1n, HEALTH, 1_000n);
  await networkHelpers.time.increaseTo((await mine.START()) + round * DAY + HOLD);
  await mine.close(round);
  await mine.mint(round, HEALTH, 1n);
  return round;
}

/** `stockFixture` with lot 1 on sale: 5,400 coins of champion 1 for dollars, for programme 1. */
export async function lotFixture() {
  const fixture = await networkHelpers.loadFixture(stockFixture);
  await networkHelpers.time.increaseTo((await fixture.mine.START()) + DAY);
  await earnHealth(fixture);
  await fixture.sale.open(1n);
  const { closesAt } = await fixture.sale.lotOf(1n);
  const contribute = (buyer: Signer, amount: bigint, lotId = 1n) =>
    fixture.sale.connect(buyer).contribute(lotId, buyer, amount);
  return { ...fixture, closesAt, contribute, goTo: (time: bigint) => networkHelpers.time.increaseTo(time) };
}

/** `lotFixture` after the end: Alice paid a quarter of the reserve for all coins, Bob an eighth. */
export async function halfSoldFixture() {
  const fixture = await networkHelpers.loadFixture(lotFixture);
  await fixture.contribute(fixture.alice, WHOLE / 4n);
  await fixture.contribute(fixture.bob, WHOLE / 8n);
  await fixture.goTo(fixture.closesAt);
  return fixture;
}

/** `lotFixture` after the end: Alice paid three times the reserve for all coins, Bob once. */
export async function soldOutFixture() {
  const fixture = await networkHelpers.loadFixture(lotFixture);
  await fixture.contribute(fixture.alice, 3n * WHOLE);
  await fixture.contribute(fixture.bob, WHOLE);
  await fixture.goTo(fixture.closesAt);
  return fixture;
}

/** Coins for a contribution, by the design's formula, independent of the contract. */
export function coinsFor(amount: bigint, total: bigint, lot: bigint, reserve: bigint) {
  const [paid, reserved] = [total * COIN, lot * reserve];
  return (amount * lot * COIN) / (paid > reserved ? paid : reserved);
}

import { expect } from "chai";
import type { LogDescription } from "ethers";
import { DAY, ethers, HOLD, networkHelpers } from "../grid.ts";
import { fieldsOf } from "../licenses/support.ts";
import { randomOf } from "../settlement/support.ts";
import { COIN, coinsFor, saleFixture } from "./sale.ts";
import { HEALTH, TRAINING } from "./support.ts";

const STEPS = 500;
const CHAMPIONS = [1n, 2n] as const;

type Fixture = Awaited<ReturnType<typeof saleFixture>>;
type Lot = {
  currency: string;
  closesAt: bigint;
  championId: bigint;
  reserve: bigint;
  total: bigint;
  coins: bigint;
  programmeId: bigint;
};

/** One random action. Many are expected to revert. */
async function step(fixture: Fixture, random: ReturnType<typeof randomOf>) {
  const { sale, mine, source, champions, operator, alice, bob, carol, usd, other, stranger } = fixture;
  const pick = <T>(options: readonly T[]) => options[random(options.length)] as T;
  const mineOne = async () => {
    const [championId, sector] = [pick(CHAMPIONS), pick([HEALTH, TRAINING])];
    await mine.connect(source).report(championId, sector, BigInt(1 + random(500)));
    const round = await mine.currentRound();
    await networkHelpers.time.increaseTo((await mine.START()) + round * DAY + HOLD);
    await mine.close(round);
    await mine.connect(stranger).mint(round, sector, championId);
  };
  const contribute = async () => {
    const lotId = BigInt(1 + random(Number(await sale.lastLotId())));
    const { coins, reserve } = await sale.lotOf(lotId);
    const amount = (coins * reserve * BigInt(random(150))) / (100n * COIN);
    await sale.connect(pick([alice, bob, carol])).contribute(lotId, pick([alice, bob, carol]), amount);
  };
  const claim = async () => {
    const lotId = BigInt(1 + random(Number(await sale.lastLotId())));
    await sale.connect(stranger).claim(pick([alice, bob, carol]), [lotId]);
  };
  const deeds = [
    mineOne,
    () => sale.connect(stranger).open(pick(CHAMPIONS)),
    () => sale.connect(stranger).open(pick(CHAMPIONS)),
    contribute,
    contribute,
    contribute,
    claim,
    claim,
    claim,
    () => networkHelpers.time.increase(1 + random(Number(DAY) / 2)),
    () => sale.setCurrency(pick([usd, other]), pick([0n, 1n, 1_000_000n, 10n ** 18n])),
    () => sale.setStandardCurrency(pick([usd, other])),
    () =>
      sale
        .connect(operator)
        .preferCurrency(pick(CHAMPIONS), pick([usd.target, other.target, ethers.ZeroAddress])),
    () => champions.setProgramme(pick(CHAMPIONS), pick([1n, 2n])),
  ];
  try {
    await pick(deeds)();
  } catch (error) {
    if (!/revert/.test(String(error))) throw error;
  }
}

function emptyBook() {
  return {
    reserves: new Map<string, bigint>(),
    standard: ethers.ZeroAddress,
    preferences: new Map<bigint, string>(),
    /** by champion */
    stocks: new Map<bigint, { coins: bigint; best: bigint }>(),
    lastLots: new Map<bigint, bigint>(),
    /** by champion/round */
    mined: new Map<string, bigint>(),
    lots: new Map<bigint, Lot>(),
    /** by lot/buyer */
    contributions: new Map<string, bigint>(),
    /** by buyer */
    claimed: new Map<string, bigint>(),
    counts: new Map<string, number>(),
  };
}

type Book = ReturnType<typeof emptyBook>;

const ENTRIES: Record<string, (book: Book, args: LogDescription["args"]) => unknown> = {
  CurrencySet: (book, [token, reserve]) => book.reserves.set(token, reserve),
  StandardCurrencySet: (book, [token]) => {
    book.standard = token;
  },
  CurrencyPreferred: (book, [championId, token]) => book.preferences.set(championId, token),
  Stocked: (book, [championId, round, amount]) => {
    const key = `${championId}/${round}`;
    const mined = (book.mined.get(key) ?? 0n) + amount;
    book.mined.set(key, mined);
    wait(book, championId, amount, mined);
  },
  Restocked: (book, [championId, , amount]) => wait(book, championId, amount),
  LotOpened: (book, [lotId, championId, currency, programmeId, coins, reserve, closesAt]) => {
    book.lots.set(lotId, { currency, closesAt, championId, reserve, total: 0n, coins, programmeId });
    book.lastLots.set(championId, lotId);
    wait(book, championId, -BigInt(coins));
  },
  Contributed: (book, [lotId, buyer, , amount]) => {
    const lot = book.lots.get(lotId);
    if (lot) lot.total += amount;
    const key = `${lotId}/${buyer}`;
    book.contributions.set(key, (book.contributions.get(key) ?? 0n) + amount);
  },
  CoinsClaimed: (book, [lotId, buyer, coins]) => {
    book.contributions.set(`${lotId}/${buyer}`, 0n);
    book.claimed.set(buyer, (book.claimed.get(buyer) ?? 0n) + coins);
  },
};

function wait(book: Book, championId: bigint, amount: bigint, mined = 0n) {
  const { coins, best } = book.stocks.get(championId) ?? { coins: 0n, best: 0n };
  book.stocks.set(championId, { coins: coins + amount, best: mined > best ? mined : best });
}

async function historyFixture() {
  const fixture = await networkHelpers.loadFixture(saleFixture);
  await networkHelpers.time.increase(DAY);
  const random = randomOf(2_009);
  for (let i = 0; i < STEPS; i += 1) await step(fixture, random);
  const { sale } = fixture;
  const book = emptyBook();
  for (const log of await ethers.provider.getLogs({ fromBlock: 0, address: await sale.getAddress() })) {
    const event = sale.interface.parseLog(log);
    if (!event) continue;
    ENTRIES[event.name]?.(book, event.args);
    book.counts.set(event.name, (book.counts.get(event.name) ?? 0) + 1);
  }
  return { ...fixture, book };
}

describe("the sale, rebuilt from events", () => {
  it("when a long history is read, every event occurs", async () => {
    const { book, sale } = await networkHelpers.loadFixture(historyFixture);
    const declared = sale.interface.fragments
      .filter(({ type }) => type === "event")
      .map((event) => `${Object(event).name}`)
      .filter((name) => !/^Role/.test(name));
    expect(declared.sort()).to.deep.equal(Object.keys(ENTRIES).sort());
    for (const name of declared) expect(book.counts.get(name) ?? 0, name).to.be.at.least(5);
    expect([...book.contributions.values()].filter((amount) => amount > 0n)).not.to.be.empty;
  });

  it("when a long history is read, currencies match the sale", async () => {
    const { book, sale } = await networkHelpers.loadFixture(historyFixture);
    expect(await sale.standardCurrency()).to.equal(book.standard);
    for (const [token, reserve] of book.reserves) expect(await sale.reserveOf(token)).to.equal(reserve);
    for (const championId of CHAMPIONS) {
      expect(await sale.preferenceOf(championId)).to.equal(book.preferences.get(championId));
    }
  });

  it("when a long history is read, stocks and lots match the sale", async () => {
    const { book, sale } = await networkHelpers.loadFixture(historyFixture);
    expect(await sale.lastLotId()).to.equal(book.lots.size);
    for (const [lotId, lot] of book.lots) {
      expect(fieldsOf(await sale.lotOf(lotId)), `lot ${lotId}`).to.deep.equal(lot);
      expect(await sale.soldOf(lotId)).to.equal(coinsFor(lot.total, lot.total, lot.coins, lot.reserve));
    }
    for (const championId of CHAMPIONS) {
      expect(fieldsOf(await sale.stockOf(championId))).to.deep.equal(book.stocks.get(championId));
      expect(await sale.lastLotOf(championId)).to.equal(book.lastLots.get(championId));
    }
    for (const [key, mined] of book.mined) {
      const [championId = "", round = ""] = key.split("/");
      expect(await sale.minedIn(championId, round), key).to.equal(mined);
    }
  });

  it("when a long history is read, contributions, claims and coins match sale and coin", async () => {
    const { book, sale, coin, alice, bob, carol } = await networkHelpers.loadFixture(historyFixture);
    for (const [lotId, { total, coins, reserve }] of book.lots) {
      for (const { address } of [alice, bob, carol]) {
        const amount = book.contributions.get(`${lotId}/${address}`) ?? 0n;
        expect(await sale.contributionOf(lotId, address)).to.equal(amount);
        expect(await sale.coinsOf(lotId, address)).to.equal(
          amount === 0n ? 0n : coinsFor(amount, total, coins, reserve),
        );
      }
    }
    for (const { address } of [alice, bob, carol]) {
      expect(await coin.balanceOf(address)).to.equal(book.claimed.get(address) ?? 0n);
    }
  });
});

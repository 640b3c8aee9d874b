import { expect } from "chai";
import { DAY, ethers, networkHelpers } from "../grid.ts";
import { randomOf } from "../settlement/support.ts";
import { type Book, EVENTS, readBook } from "./book.ts";
import { CAP, gradedFixture, HEALTH, IDLE, QUALITY_ONE, TRAINING } from "./support.ts";

const STEPS = 600;
const SECTORS = [HEALTH, TRAINING, IDLE] as const;

type Fixture = Awaited<ReturnType<typeof gradedFixture>>;

/** One random action. Many are expected to revert. */
async function step(fixture: Fixture, random: ReturnType<typeof randomOf>) {
  const { mine, coin, subnets, source, other, sale, stranger, admin } = fixture;
  const pick = <T>(options: readonly T[]) => options[random(options.length)] as T;
  const number = (limit: number) => BigInt(random(limit));
  const report = () => mine.connect(pick([source, other])).report(1n + number(2), pick(SECTORS), number(400));
  const close = async () => mine.close(await mine.nextRound());
  const mint = async () => {
    const claims = await mine.queryFilter(mine.filters.BenefitReported());
    const { round, sector, championId } = pick(claims).args;
    await mine.connect(stranger).mint(round, sector, championId);
  };
  const admit = async (account: typeof source) =>
    mine.admitSource(account, (await mine.sourceOf(account)).nextCap);
  const deeds = [
    report,
    report,
    report,
    report,
    close,
    close,
    mint,
    mint,
    mint,
    () => networkHelpers.time.increase(1 + random(Number(2n * DAY))),
    () => networkHelpers.time.increase(1 + random(Number(DAY))),
    () =>
      mine.setSector(pick(SECTORS), {
        weight: number(4),
        target: 1n + number(900),
        allowance: 1n + number(3),
      }),
    () => (random(2) === 0 ? mine.setSector(IDLE, { weight: 0n, target: 0n, allowance: 0n }) : undefined),
    () => mine.retireSector(IDLE),
    () => mine.retireSector(IDLE),
    () => mine.retireSector(pick(SECTORS)),
    () => admit(pick([source, other])),
    () => admit(pick([source, other])),
    () => mine.setSourceCap(pick([source, other]), CAP - number(100)),
    () => (random(4) === 0 ? mine.stopSource(pick([source, other])) : undefined),
    () => (random(3) === 0 ? mine.removeSource(pick([source, other])) : undefined),
    async () => coin.connect(sale).transfer(pick([stranger, other, mine]), (await supplyOf(coin)) / 50n),
    () => mine.connect(pick([source, other, stranger])).resign(),
    () => subnets.setQuality(pick(SECTORS), 1n + number(2), number(2 * Number(QUALITY_ONE))),
    () => coin.connect(pick([stranger, other])).delegate(pick([admin, stranger])),
  ];
  try {
    await pick(deeds)();
  } catch (error) {
    if (!/revert/.test(String(error))) throw error;
  }
}

const supplyOf = async (coin: Fixture["coin"]) => await coin.totalSupply();

async function historyFixture() {
  const fixture = await networkHelpers.loadFixture(gradedFixture);
  await fixture.mine.admitSource(fixture.other, CAP);
  await fixture.report(1n, HEALTH, 100n);
  const random = randomOf(3);
  for (let i = 0; i < STEPS; i += 1) await step(fixture, random);
  return { ...fixture, book: await readBook(fixture) };
}

function paramsAt(book: Book, sector: bigint, round: bigint) {
  const history = book.params.get(sector)?.filter(({ fromRound }) => fromRound <= round) ?? [];
  return history.at(-1)?.params ?? [0n, 0n, 0n];
}

describe("coin and mine, rebuilt from events", () => {
  it("when a long history is read, every event occurs", async () => {
    const { book, mine, coin } = await networkHelpers.loadFixture(historyFixture);
    const declared = [mine, coin].flatMap(({ interface: face }) =>
      face.fragments.filter(({ type }) => type === "event").map((event) => `${Object(event).name}`),
    );
    const inherited = /^Role|^Approval|^EIP712/;
    expect(declared.filter((name) => !inherited.test(name)).sort()).to.deep.equal([...EVENTS].sort());
    for (const name of EVENTS)
      expect(book.counts.get(name) ?? 0, name).to.be.at.least(name === "SubnetsSet" ? 1 : 3);
    expect(book.minted.size).to.be.below(book.uses.size);
    expect(book.closed.length).to.be.below(book.rounds.length);
  });

  it("when a long history is read, sectors and sources match the mine", async () => {
    const { book, mine, source, other } = await networkHelpers.loadFixture(historyFixture);
    const now = await mine.currentRound();
    expect(await mine.sectors()).to.deep.equal(book.sectors);
    for (const sector of SECTORS) {
      for (let round = 0n; round <= now + 2n; round += 1n) {
        expect(await mine.sectorAt(sector, round)).to.deep.equal(paramsAt(book, sector, round));
      }
    }
    for (const account of [source.address, other.address]) {
      const { caps = [], admitted } = book.sources.get(account) ?? {};
      const cap = caps.filter(({ fromRound }) => fromRound <= now).at(-1)?.cap;
      expect(await mine.sourceOf(account)).to.deep.equal([cap, caps.at(-1)?.cap, admitted]);
      for (const sector of SECTORS) {
        expect(await mine.reportedBy(account, sector)).to.equal(
          book.reported.get(`${account}/${sector}/${now}`) ?? 0n,
        );
      }
    }
  });

  it("when a long history is read, rounds and earnings match the mine", async () => {
    const { book, mine, subnets } = await networkHelpers.loadFixture(historyFixture);
    expect(book.subnets).to.equal(await subnets.getAddress());
    expect(await mine.subnets()).to.equal(book.subnets);
    expect([
      await mine.roundCount(),
      await mine.closedCount(),
      await mine.lastClosedRound(),
      await mine.nextRound(),
      await mine.height(),
    ]).to.deep.equal([
      BigInt(book.rounds.length),
      BigInt(book.closed.length),
      book.closed.at(-1),
      book.rounds[book.closed.length] ?? 0n,
      book.height,
    ]);
    expect(book.closed).to.deep.equal(book.rounds.slice(0, book.closed.length));
    for (const round of book.rounds) {
      for (const sector of SECTORS) {
        const key = `${round}/${sector}`;
        const all = book.sectorBenefits.get(key) ?? 0n;
        const amount = book.sectorAmounts.get(key) ?? 0n;
        expect(await mine.sectorEarningOf(round, sector)).to.deep.equal([all, amount]);
        for (const championId of [1n, 2n]) {
          const benefit = book.benefits.get(`${key}/${championId}`) ?? 0n;
          expect(await mine.earningOf(round, sector, championId)).to.deep.equal([
            book.uses.get(`${key}/${championId}`) ?? 0n,
            benefit,
            benefit === 0n ? 0n : (amount * benefit) / all,
            book.minted.has(`${key}/${championId}`),
          ]);
        }
      }
    }
  });

  it("when a long history is read, balances, delegates and votes match the coin", async () => {
    const { book, coin, mine, sale } = await networkHelpers.loadFixture(historyFixture);
    expect(await coin.totalSupply()).to.equal(book.supply);
    expect(book.supply).to.equal([...book.minted.values()].reduce((sum, amount) => sum + amount, 0n));
    const signers = await ethers.getSigners();
    const accounts = [...signers.map(({ address }) => address), await mine.getAddress(), sale.address];
    for (const account of accounts) {
      expect(await coin.balanceOf(account)).to.equal(book.balances.get(account) ?? 0n);
      expect(await coin.delegates(account)).to.equal(book.delegates.get(account) ?? ethers.ZeroAddress);
      expect(await coin.getVotes(account)).to.equal(book.votes.get(account) ?? 0n);
    }
  });
});

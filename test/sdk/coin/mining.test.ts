import {
  closeRound,
  closeRounds,
  getEarning,
  getRound,
  getSector,
  getSectors,
  mintBenefit,
  reportBenefit,
  resignSource,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { subsidyFrom } from "../../../sdk/src/coin/subsidy.ts";
import { DAY, HOLD, networkHelpers } from "../../grid.ts";
import { expectInvalid, expectRevert } from "../clients.ts";
import { COIN, coinFixture, EDUCATION, HEALTH, HEALTH_COINS } from "./support.ts";

const ROUND = 7_200n * COIN;
const HEIGHT = 2n ** 64n;
/** Heights mined for one unit of health: weight 3 of 4, target 1,000. */
const ADVANCE = (144n * ((3n * HEIGHT) / 1_000n)) / 4n;

describe("reportBenefit", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { reporter } = await networkHelpers.loadFixture(coinFixture);
    const benefit = { championId: 1n, sector: HEALTH, use: 1n };
    await expectInvalid(reportBenefit(reporter, { ...benefit, championId: 2n ** 32n }), "championId");
    await expectInvalid(reportBenefit(reporter, { ...benefit, sector: 65_536n }), "sector");
    await expectInvalid(reportBenefit(reporter, { ...benefit, use: 0n }), "use");
    await expectInvalid(reportBenefit(reporter, { ...benefit, use: 2n ** 88n }), "use");
  });

  it("when the caller is no source, reverts", async () => {
    const { client, stranger } = await networkHelpers.loadFixture(coinFixture);
    await expectRevert(
      reportBenefit(client, { championId: 1n, sector: HEALTH, use: 1n }),
      "CallerNotSource",
      { caller: stranger.address },
    );
  });

  it("credits the champion in the current round", async () => {
    const { reporter, client } = await networkHelpers.loadFixture(coinFixture);
    const { round, benefit } = await reportBenefit(reporter, { championId: 1n, sector: HEALTH, use: 7n });
    expect([round, benefit]).to.deep.equal([2n, 7n]);
    const earning = await getEarning(client, { round, sector: HEALTH, championId: 1n });
    expect(earning).to.deep.equal({
      use: 7n,
      benefit: 7n,
      amount: 0n,
      minted: false,
      sectorBenefit: 7n,
      sectorAmount: 0n,
    });
  });
});

describe("resignSource", () => {
  it("when the caller is no source, reverts", async () => {
    const { client, stranger } = await networkHelpers.loadFixture(coinFixture);
    await expectRevert(resignSource(client, {}), "CallerNotSource", { caller: stranger.address });
  });

  it("ends the caller's reports", async () => {
    const { reporter, source } = await networkHelpers.loadFixture(coinFixture);
    expect((await resignSource(reporter, {})).source).to.equal(source.address);
    await expectRevert(
      reportBenefit(reporter, { championId: 1n, sector: HEALTH, use: 1n }),
      "CallerNotSource",
      { caller: source.address },
    );
  });
});

describe("closeRound and mintBenefit", () => {
  it("when a parameter can never be valid, name it", async () => {
    const { client } = await networkHelpers.loadFixture(coinFixture);
    const place = { round: 2n, sector: HEALTH, championId: 1n };
    await expectInvalid(closeRound(client, { round: -1n }), "round");
    await expectInvalid(mintBenefit(client, { ...place, round: 2n ** 32n }), "round");
    await expectInvalid(mintBenefit(client, { ...place, sector: 65_536n }), "sector");
    await expectInvalid(mintBenefit(client, { ...place, championId: -1n }), "championId");
    await expectInvalid(getEarning(client, { ...place, championId: -1n }), "championId");
  });

  it("when the round is not the next one, reverts", async () => {
    const { client } = await networkHelpers.loadFixture(coinFixture);
    await expectRevert(closeRound(client, { round: 2n }), "RoundNotNext", { round: 2n, next: 0n });
  });

  it("close an ended round, and mint a champion's coins", async () => {
    const { client, reporter } = await networkHelpers.loadFixture(coinFixture);
    await reportBenefit(reporter, { championId: 1n, sector: HEALTH, use: 250n });
    await reportBenefit(reporter, { championId: 2n, sector: HEALTH, use: 750n });
    await reportBenefit(reporter, { championId: 1n, sector: EDUCATION, use: 500n });
    await networkHelpers.time.increase(DAY);
    await expectRevert(closeRound(client, { round: 2n }), "RoundOnHold", {
      round: 2n,
      holdEnd: (await getRound(client)).closableFrom ?? 0n,
    });
    await networkHelpers.time.increase(HOLD);
    const { fromHeight, toHeight, amount: mined, sectors } = await closeRound(client, { round: 2n });
    expect({ fromHeight, toHeight, mined, sectors }).to.deep.equal({
      fromHeight: 0n,
      toHeight: 126n * HEIGHT,
      mined: (7n * ROUND) / 8n,
      sectors: [
        { sector: HEALTH, benefit: 1_000n, amount: HEALTH_COINS },
        { sector: EDUCATION, benefit: 500n, amount: ROUND / 8n },
      ],
    });
    const { amount } = await mintBenefit(client, { round: 2n, sector: HEALTH, championId: 2n });
    expect(amount).to.equal((3n * HEALTH_COINS) / 4n);
    expect(await getEarning(client, { round: 2n, sector: HEALTH, championId: 2n })).to.deep.equal({
      use: 750n,
      benefit: 750n,
      amount,
      minted: true,
      sectorBenefit: 1_000n,
      sectorAmount: HEALTH_COINS,
    });
  });
});

describe("closeRounds", () => {
  it("when the limit is none, names it", async () => {
    const { client } = await networkHelpers.loadFixture(coinFixture);
    await expectInvalid(closeRounds(client, { limit: 0 }), "limit");
  });

  it("closes every round whose hold is over, up to the limit, and no other", async () => {
    const { client, reporter } = await networkHelpers.loadFixture(coinFixture);
    expect(await closeRounds(client)).to.deep.equal([]);
    for (let i = 0; i < 4; i += 1) {
      await reportBenefit(reporter, { championId: 1n, sector: HEALTH, use: 1n });
      await networkHelpers.time.increase(i === 2 ? 5n * DAY : DAY);
    }
    await networkHelpers.time.increase(2n * DAY);
    await reportBenefit(reporter, { championId: 1n, sector: HEALTH, use: 1n });
    await networkHelpers.time.increase(DAY);
    expect((await closeRounds(client, { limit: 1 })).map(({ round }) => round)).to.deep.equal([2n]);
    const closed = await closeRounds(client);
    expect(closed.map(({ round, fromHeight }) => [round, fromHeight])).to.deep.equal([
      [3n, ADVANCE],
      [4n, 2n * ADVANCE],
      [9n, 3n * ADVANCE],
    ]);
    expect(await closeRounds(client)).to.deep.equal([]);
  });
});

describe("getRound", () => {
  it("returns the current round, the next to close, and its most coins", async () => {
    const { client, reporter } = await networkHelpers.loadFixture(coinFixture);
    const start = (await client.contracts.BenefitMine.START()) as bigint;
    const none = {
      current: 2n,
      endsAt: start + 2n * DAY,
      next: undefined,
      closableFrom: undefined,
      open: 0n,
    };
    expect(await getRound(client)).to.deep.equal({ ...none, height: 0n, subsidy: ROUND });
    await reportBenefit(reporter, { championId: 1n, sector: HEALTH, use: 1n });
    const closableFrom = start + 2n * DAY + HOLD;
    expect(await getRound(client)).to.deep.include({ current: 2n, next: 2n, closableFrom, open: 1n });
    await networkHelpers.time.increase(DAY);
    expect(await getRound(client)).to.deep.include({ current: 3n, next: 2n, closableFrom, open: 1n });
    expect(await closeRounds(client)).to.deep.equal([]);
    await networkHelpers.time.increaseTo(closableFrom);
    await closeRounds(client);
    expect(await getRound(client)).to.deep.include({ next: undefined, open: 0n, height: ADVANCE });
  });

  it("knows the schedule, across each halving and after the last", () => {
    for (const height of [0n, 209_855n, 209_856n, 209_857n, 209_999n, 210_000n, 6_719_900n, 6_930_000n]) {
      let sum = 0n;
      for (let i = height; i < height + 144n; i += 1n) sum += (50n * COIN) >> (i / 210_000n);
      expect(subsidyFrom(height * HEIGHT), `${height}`).to.equal(sum);
      const half = ((50n * COIN) >> (height / 210_000n)) / 2n;
      const end = ((50n * COIN) >> ((height + 144n) / 210_000n)) / 2n;
      expect(subsidyFrom(height * HEIGHT + HEIGHT / 2n), `${height}.5`).to.equal(sum - half + end);
    }
  });
});

describe("getSector and getSectors", () => {
  it("when a number is out of range, name it", async () => {
    const { client } = await networkHelpers.loadFixture(coinFixture);
    await expectInvalid(getSector(client, { sector: 65_536n }), "sector");
    await expectInvalid(getSector(client, { sector: 1n, round: 2n ** 32n }), "round");
    await expectInvalid(getSectors(client, { round: -1n }), "round");
  });

  it("return settings of sectors, now or in another round", async () => {
    const { client } = await networkHelpers.loadFixture(coinFixture);
    const health = { weight: 3n, target: 1_000n, allowance: 10_000n };
    expect(await getSector(client, { sector: HEALTH })).to.deep.equal(health);
    expect(await getSectors(client)).to.deep.equal([
      { sector: HEALTH, ...health },
      { sector: EDUCATION, ...health, weight: 1n },
    ]);
    const [first] = await getSectors(client, { round: 1n });
    expect(first).to.deep.equal({ sector: HEALTH, weight: 0n, target: 0n, allowance: 0n });
    expect(await getSector(client, { sector: HEALTH, round: 1n })).to.deep.include({ weight: 0n });
  });
});

import { FIRST_RATING, rateMiners } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { expectInvalid, NO_NUMBERS } from "./support.ts";

describe("rateMiners", () => {
  it("when there are no results or a score is not finite, throws", async () => {
    await expectInvalid(() => rateMiners(undefined as never), "parameters");
    await expectInvalid(() => rateMiners({ results: [] }), "results");
    await expectInvalid(() => rateMiners({ results: new Array(2) }), "results[0]");
    for (const score of [...NO_NUMBERS, Number.POSITIVE_INFINITY])
      await expectInvalid(() => rateMiners({ results: [{ score: 1 }, { score }] }), "results[1].score");
  });

  it("when a rating or tau is malformed, throws", async () => {
    const rated = (rating: object) => rateMiners({ results: [{ score: 1, rating: rating as never }] });
    await expectInvalid(() => rated({ mu: Number.NaN, sigma: 8 }), "results[0].rating.mu");
    await expectInvalid(() => rated({ mu: 1e300, sigma: 8 }), "results[0].rating.mu");
    await expectInvalid(() => rated({ mu: 25, sigma: -8 }), "results[0].rating.sigma");
    await expectInvalid(() => rated({ mu: 25, sigma: 0 }), "results[0].rating.sigma");
    await expectInvalid(() => rated({ mu: 25 }), "results[0].rating.sigma");
    await expectInvalid(() => rateMiners({ results: [{ score: 1 }], tau: Number.NaN }), "tau");
  });

  // Plackett-Luce of the vectors from outside.
  it("when the first of two miners beats the second, has the ratings of the reference", async () => {
    const winner = { mu: 27.63523138347365, sigma: 8.065506316323548 };
    const loser = { mu: 22.36476861652635, sigma: 8.065506316323548 };
    expect(await rateMiners({ results: [{ score: 0.04 }, { score: -0.01 }] })).to.deep.equal([winner, loser]);
    expect(await rateMiners({ results: [{ score: -0.01 }, { score: 0.04 }] })).to.deep.equal([loser, winner]);
  });

  it("when scores are equal, rates the same", async () => {
    const [first, second, third] = await rateMiners({ results: [{ score: 2 }, { score: 1 }, { score: 2 }] });
    expect(first).to.deep.equal(third);
    expect(first?.mu).to.be.above(25);
    expect(second?.mu).to.be.below(25);
  });

  it("when a score is an outlier, counts its place only", async () => {
    const near = await rateMiners({ results: [{ score: 2 }, { score: 1 }] });
    expect(await rateMiners({ results: [{ score: 1e300 }, { score: 1 }] })).to.deep.equal(near);
  });

  it("when a miner is alone, changes nothing", async () => {
    const [alone] = await rateMiners({ results: [{ score: 1 }] });
    expect(alone).to.deep.equal(FIRST_RATING);
  });

  it("when rounds follow, takes the ratings before, and tau adds uncertainty", async () => {
    const [better = FIRST_RATING, worse = FIRST_RATING] = await rateMiners({
      results: [{ score: 2 }, { score: 1 }],
    });
    const results = [
      { rating: better, score: 2 },
      { rating: worse, score: 1 },
    ];
    const [again] = await rateMiners({ results });
    expect(again?.mu).to.be.above(better.mu);
    expect(again?.sigma).to.be.below(better.sigma);
    const [uncertain] = await rateMiners({ results, tau: 1 });
    expect(uncertain?.sigma).to.be.above(again?.sigma ?? 0);
  });

  it("when ratings are at the bounds, stays finite", async () => {
    const results = [
      { rating: { mu: -1_000, sigma: 1e-9 }, score: 1 },
      { rating: { mu: 1_000, sigma: 1_000 }, score: 0 },
      { rating: { mu: 1_000, sigma: 1e-9 }, score: -1 },
    ];
    for (const { mu, sigma } of await rateMiners({ results })) {
      expect(mu).to.satisfy(Number.isFinite);
      expect(sigma).to.satisfy(Number.isFinite).and.to.be.above(0);
    }
  });
});

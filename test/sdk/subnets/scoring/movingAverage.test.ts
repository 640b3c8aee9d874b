import { movingAverage } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { expectNear } from "../../../near.ts";
import { expectInvalid, NO_NUMBERS } from "./support.ts";

describe("movingAverage", () => {
  it("when a value is not finite, or alpha is outside of 0 to 1, throws", async () => {
    for (const wrong of [...NO_NUMBERS, Number.POSITIVE_INFINITY]) {
      await expectInvalid(() => movingAverage({ current: wrong }), "current");
      if (wrong !== undefined)
        await expectInvalid(() => movingAverage({ previous: wrong, current: 1 }), "previous");
    }
    for (const alpha of [Number.NaN, -0.1, 1.1])
      await expectInvalid(() => movingAverage({ current: 1, alpha }), "alpha");
  });

  it("when it is the first round, begins at 0", () => {
    expect(movingAverage({ current: 0.8 })).to.equal(0.2);
  });

  it("when rounds follow, weighs the newest by alpha", () => {
    expectNear(movingAverage({ previous: 0.2, current: 0.8 }), 0.35, 1e-15);
    expect(movingAverage({ previous: 0.2, current: 0.8, alpha: 1 })).to.equal(0.8);
    expect(movingAverage({ previous: 0.2, current: 0.8, alpha: 0 })).to.equal(0.2);
  });

  it("when a miner is steady, approaches its score", () => {
    const rounds = Array.from({ length: 40 }, () => 0.7);
    const average = rounds.reduce((previous, current) => movingAverage({ previous, current }), 0);
    expectNear(average, 0.7, 1e-5);
  });
});

import { FIRST_RATING, scoreTraining } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { expectInvalid, NO_NUMBERS } from "./support.ts";

describe("scoreTraining", () => {
  const rating = { mu: 30, sigma: 2 };

  it("when a number is malformed or out of range, throws", async () => {
    await expectInvalid(() => scoreTraining(undefined as never), "parameters");
    await expectInvalid(() => scoreTraining({ work: 1, sync: 1 } as never), "rating");
    const malformed = { mu: 30, sigma: Number.NaN };
    await expectInvalid(() => scoreTraining({ rating: malformed, work: 1, sync: 1 }), "rating.sigma");
    for (const wrong of [...NO_NUMBERS, 1.1, -1.1]) {
      await expectInvalid(() => scoreTraining({ rating, work: wrong, sync: 1 }), "work");
      await expectInvalid(() => scoreTraining({ rating, work: 1, sync: wrong }), "sync");
    }
  });

  it("when all is known, multiplies proven skill, work and sync", () => {
    expect(scoreTraining({ rating, work: 1, sync: 1 })).to.equal(24);
    expect(scoreTraining({ rating, work: 0.5, sync: 0.25 })).to.equal(3);
  });

  it("when skill is not proven, there is no work, or the model is old, is 0", () => {
    expect(scoreTraining({ rating: FIRST_RATING, work: 1, sync: 1 })).to.equal(0);
    expect(scoreTraining({ rating: { mu: 10, sigma: 8 }, work: 1, sync: 1 })).to.equal(0);
    expect(scoreTraining({ rating, work: -0.5, sync: 1 })).to.equal(0);
    expect(scoreTraining({ rating, work: 1, sync: 0 })).to.equal(0);
  });
});

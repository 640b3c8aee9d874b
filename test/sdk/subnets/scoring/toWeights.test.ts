import { toWeights } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { expectInvalid, NO_NUMBERS } from "./support.ts";

describe("toWeights", () => {
  it("when there are no scores, or one is not finite, throws", async () => {
    await expectInvalid(() => toWeights(undefined as never), "parameters");
    await expectInvalid(() => toWeights({ scores: [] }), "scores");
    await expectInvalid(() => toWeights({ scores: new Array(2) }), "scores[0]");
    for (const wrong of [...NO_NUMBERS, Number.POSITIVE_INFINITY])
      await expectInvalid(() => toWeights({ scores: [1, wrong] }), "scores[1]");
  });

  it("when power or most are out of range, throws", async () => {
    for (const power of [Number.NaN, -1, 17])
      await expectInvalid(() => toWeights({ scores: [1], power }), "power");
    for (const most of [Number.NaN, 0, 1.5])
      await expectInvalid(() => toWeights({ scores: [1], most }), "most");
  });

  it("when scores are above 0, gives the best 65535, and others by the square of their part", () => {
    const { weights, packed } = toWeights({ scores: [0.45, 0.9, 0.3] });
    expect(weights).to.deep.equal([16_384n, 65_535n, 7_282n]);
    expect(packed).to.equal("0x4000ffff1c72");
  });

  it("when scores are 0 or less, gives them nothing", () => {
    expect(toWeights({ scores: [1, 0, -0, -5] })).to.deep.equal({
      weights: [65_535n, 0n, 0n, 0n],
      packed: "0xffff000000000000",
    });
    expect(toWeights({ scores: [0, -1] })).to.deep.equal({ weights: [0n, 0n], packed: "0x00000000" });
  });

  it("when power is 1, pays in proportion, and more is more top-heavy", () => {
    expect(toWeights({ scores: [2, 1], power: 1 }).weights).to.deep.equal([65_535n, 32_768n]);
    expect(toWeights({ scores: [2, 1], power: 4 }).weights).to.deep.equal([65_535n, 4_096n]);
    expect(toWeights({ scores: [2, 1], power: 0 }).weights).to.deep.equal([65_535n, 65_535n]);
  });

  it("when most is given, pays so many of the best, and those equal to the last of them", () => {
    const scores = [1, 3, 2, 2, 0];
    const payees = (most: number) => toWeights({ scores, most }).weights.map((weight) => weight > 0n);
    expect(payees(1)).to.deep.equal([false, true, false, false, false]);
    expect(payees(2)).to.deep.equal([false, true, true, true, false]);
    expect(payees(9)).to.deep.equal([true, true, true, true, false]);
  });

  it("when scores are huge or tiny, gives the same proportions", () => {
    const { weights } = toWeights({ scores: [0.5, 1] });
    for (const unit of [1e300, 1e-300])
      expect(toWeights({ scores: [0.5 * unit, unit] }).weights).to.deep.equal(weights);
  });
});

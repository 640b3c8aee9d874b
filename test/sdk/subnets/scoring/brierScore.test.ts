import { brierScore, DEFAULT_CLIP } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { expectNear } from "../../../near.ts";
import { expectInvalid, NO_NUMBERS } from "./support.ts";

describe("brierScore", () => {
  it("when lists are empty or of different lengths, throws", async () => {
    await expectInvalid(() => brierScore({ probabilities: [], labels: [] }), "labels");
    await expectInvalid(() => brierScore({ probabilities: [], labels: [true] }), "probabilities");
    await expectInvalid(() => brierScore({ probabilities: [0.1, 0.2], labels: [true] }), "probabilities");
  });

  it("when a probability is NaN, of another type or outside of 0 to 1, throws", async () => {
    for (const wrong of [...NO_NUMBERS, -1e-9, 1.000001, Number.POSITIVE_INFINITY]) {
      const call = () => brierScore({ probabilities: [0.5, wrong], labels: [true, false] });
      await expectInvalid(call, "probabilities[1]");
    }
  });

  it("when the clip is outside of 0 to 0.5, throws", async () => {
    for (const clip of [Number.NaN, -0.1, 0.51])
      await expectInvalid(() => brierScore({ probabilities: [0.5], labels: [true], clip }), "clip");
  });

  it("when probabilities are not near 0 or 1, is the mean squared difference", () => {
    expect(brierScore({ probabilities: [0.5, 0.5], labels: [true, false] })).to.equal(0.25);
    const brier = brierScore({ probabilities: [0.9, 0.2, 0.6], labels: [true, false, false] });
    expectNear(brier, (0.01 + 0.04 + 0.36) / 3, 1e-15);
  });

  it("when a probability is nearer to 0 or 1 than the clip, counts as the clip", () => {
    const of = (probability: number, clip?: number) =>
      brierScore({ probabilities: [probability], labels: [true], ...(clip !== undefined && { clip }) });
    expect(of(1)).to.equal(of(1 - DEFAULT_CLIP));
    expectNear(of(1), 0.0001, 1e-15);
    expect(of(0)).to.equal(of(DEFAULT_CLIP));
    expectNear(of(0), 0.9801, 1e-15);
    expect([of(1, 0), of(0, 0)]).to.deep.equal([0, 1]);
  });

  it("when probabilities are honest, is lower than for any other constant", () => {
    const labels = Array.from({ length: 10 }, (_, i) => i < 3);
    const of = (one: number) => brierScore({ probabilities: labels.map(() => one), labels });
    for (const other of [0, 0.1, 0.29, 0.31, 0.5, 1]) expect(of(other)).to.be.above(of(0.3));
  });
});

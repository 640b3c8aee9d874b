import { matthewsCorrelation } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { expectInvalid } from "./support.ts";

const of = (truePositives: number, trueNegatives: number, falsePositives: number, falseNegatives: number) =>
  matthewsCorrelation({ truePositives, trueNegatives, falsePositives, falseNegatives });

describe("matthewsCorrelation", () => {
  it("when a count is no whole number from 0, throws", async () => {
    await expectInvalid(() => matthewsCorrelation(undefined as never), "confusion");
    for (const wrong of [Number.NaN, "1" as never, null as never, -1, 0.5, Number.POSITIVE_INFINITY]) {
      await expectInvalid(() => of(wrong, 1, 1, 1), "confusion.truePositives");
      await expectInvalid(() => of(1, 1, 1, wrong), "confusion.falseNegatives");
    }
  });

  // Detection score of the vectors from outside.
  it("when 440 of 500 are right for both labels, is 0.76", () => {
    expect(of(440, 440, 60, 60)).to.equal(0.76);
  });

  it("when the denominator is 0, is 0", () => {
    const cases: [number, number, number, number][] = [
      [0, 0, 0, 0],
      [5, 0, 5, 0],
      [0, 5, 0, 5],
      [5, 0, 0, 5],
      [5, 0, 0, 0],
    ];
    for (const counts of cases) expect(of(...counts)).to.equal(0);
  });

  it("when all are right or all are wrong, is 1 or -1, also for counts whose products are rounded", () => {
    for (const [some, others] of [
      [1, 1],
      [3, 7],
      [117_538_265, 167_130_454],
    ] as const) {
      expect(of(some, others, 0, 0)).to.equal(1);
      expect(of(0, 0, some, others)).to.equal(-1);
    }
  });
});

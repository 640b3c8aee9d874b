import { syncScore } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { expectNear } from "../../../near.ts";
import { expectInvalid, NO_NUMBERS } from "./support.ts";

describe("syncScore", () => {
  it("when the steps are no number from 0, throws", async () => {
    for (const wrong of [...NO_NUMBERS, -0.01, -Infinity])
      await expectInvalid(() => syncScore(wrong), "stepsBehind");
  });

  // Training sync score of the vectors from outside.
  it("when a miner is 0 to 5 steps behind, has the scores of the reference", () => {
    const expected = [1, 0.5724334, 0.2788548, 0.10119289, 0.01788854, 0];
    for (const [steps, score] of expected.entries()) expectNear(syncScore(steps), score, 5e-9);
    expect([syncScore(0), syncScore(5)]).to.deep.equal([1, 0]);
  });

  it("when a miner is further behind, is 0", () => {
    expect([syncScore(5.01), syncScore(99), syncScore(Number.POSITIVE_INFINITY)]).to.deep.equal([0, 0, 0]);
  });
});

import { judgeGradient, lossImprovement } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { expectInvalid, NO_NUMBERS } from "./support.ts";

describe("lossImprovement", () => {
  it("when the loss before is not finite or not above 0, throws", async () => {
    await expectInvalid(() => lossImprovement(undefined as never), "losses");
    for (const before of [...NO_NUMBERS, Number.POSITIVE_INFINITY, 0, -1])
      await expectInvalid(() => lossImprovement({ before, after: 1 }), "losses.before");
    await expectInvalid(() => lossImprovement({ before: 1, after: "1" as never }), "losses.after");
  });

  it("when losses are finite, is the part that is gone", () => {
    expect(lossImprovement({ before: 2, after: 1.5 })).to.equal(0.25);
    expect(lossImprovement({ before: 2, after: 2.5 })).to.equal(-0.25);
    expect(lossImprovement({ before: 2, after: 0 })).to.equal(1);
  });

  it("when a submission breaks the model, is -1", () => {
    for (const after of [4, 1e300, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY, -Infinity])
      expect(lossImprovement({ before: 2, after })).to.equal(-1);
    expect(lossImprovement({ before: Number.MIN_VALUE, after: 1 })).to.equal(-1);
  });
});

describe("judgeGradient", () => {
  const judge = (own: number, random: number) =>
    judgeGradient({ own: { before: 1, after: 1 - own }, random: { before: 1, after: 1 - random } });

  it("when a loss before is malformed, names it", async () => {
    const good = { before: 2, after: 1 };
    await expectInvalid(() => judgeGradient(undefined as never), "parameters");
    await expectInvalid(() => judgeGradient({ own: good } as never), "random");
    await expectInvalid(() => judgeGradient({ own: { before: 0, after: 1 }, random: good }), "own.before");
    const malformed = { before: Number.NaN, after: 1 };
    await expectInvalid(() => judgeGradient({ own: good, random: malformed }), "random.before");
  });

  it("when own data improve more than random data, counts as work", () => {
    expect(judge(0.5, 0.25)).to.deep.equal({ ownImprovement: 0.5, randomImprovement: 0.25, work: 1 });
    expect(judge(0.5, -0.25).work).to.equal(1);
  });

  it("when own data improve no more than random data, does not count as work", () => {
    expect(judge(0.25, 0.25).work).to.equal(-1);
    expect(judge(0.125, 0.25)).to.deep.equal({ ownImprovement: 0.125, randomImprovement: 0.25, work: -1 });
  });

  it("when own data worsen or stay the same, does not count as work", () => {
    expect(judge(-0.125, -0.25).work).to.equal(-1);
    expect(judge(0, -0.25).work).to.equal(-1);
  });

  it("when the losses become infinite or NaN, has the lowest improvements", () => {
    const broken = judgeGradient({
      own: { before: 2, after: Number.NaN },
      random: { before: 2, after: Number.POSITIVE_INFINITY },
    });
    expect(broken).to.deep.equal({ ownImprovement: -1, randomImprovement: -1, work: -1 });
  });
});

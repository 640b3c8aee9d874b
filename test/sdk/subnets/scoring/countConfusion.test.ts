import { countConfusion } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { expectInvalid } from "./support.ts";

describe("countConfusion", () => {
  it("when lists are empty, missing or of different lengths, throws", async () => {
    await expectInvalid(() => countConfusion(undefined as never), "parameters");
    await expectInvalid(() => countConfusion({ predictions: [true] } as never), "labels");
    await expectInvalid(() => countConfusion({ predictions: [], labels: [] }), "labels");
    await expectInvalid(() => countConfusion({ predictions: [], labels: [true] }), "predictions");
    await expectInvalid(() => countConfusion({ predictions: [true, true], labels: [true] }), "predictions");
  });

  it("when a value is no boolean or missing, throws", async () => {
    const labels = [true, false];
    await expectInvalid(() => countConfusion({ predictions: [true, 1 as never], labels }), "predictions[1]");
    const holes = new Array<boolean>(2);
    await expectInvalid(() => countConfusion({ predictions: holes, labels }), "predictions[0]");
    await expectInvalid(() => countConfusion({ predictions: labels, labels: holes }), "labels[0]");
  });

  it("when lists are valid, counts each of the four cases", () => {
    const labels = [true, true, true, true, false, false, false, false, false, false];
    const predictions = [true, true, true, false, true, true, false, false, false, false];
    expect(countConfusion({ predictions, labels })).to.deep.equal({
      truePositives: 3,
      falseNegatives: 1,
      falsePositives: 2,
      trueNegatives: 4,
    });
  });
});

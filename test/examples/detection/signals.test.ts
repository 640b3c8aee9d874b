import { expect } from "chai";
import { createSignals, featuresOf } from "../../../examples/detection/signals.ts";

describe("signals of the example detection", () => {
  it("when the seed is the same, are the same, and else others", () => {
    const signals = createSignals(5, 20);
    expect(createSignals(5, 20)).to.deep.equal(signals);
    expect(createSignals(6, 20)).not.to.deep.equal(signals);
  });

  it("when there are many, about half are fake, and all have one text in JSON", () => {
    const signals = createSignals(5, 400);
    expect(signals.filter(({ isFake }) => isFake).length).to.be.within(170, 230);
    const text = JSON.stringify(signals);
    expect(JSON.stringify(JSON.parse(text))).to.equal(text);
  });

  it("when a signal is constant, have finite features", () => {
    expect(featuresOf(new Array(64).fill(3))).to.deep.equal([0, 0, 0, 0, 0]);
  });
});

import { expect } from "chai";
import { networkHelpers } from "../grid.ts";
import { itAgreesWithTheReference, MODEL, PARAMS } from "./yuma.ts";
import { contractFixture, expectTheSame } from "./yumaHarness.ts";

const yuma = () => networkHelpers.loadFixture(contractFixture);

describe("Yuma", () => {
  itAgreesWithTheReference(yuma);

  it("when there are no validators or no miners, is empty", async () => {
    const { epoch } = await yuma();
    const nobody = {
      stakes: [],
      active: [],
      permits: [],
      diagonal: [],
      updatedAt: [],
      weights: [],
      bonds: [],
    };
    const withoutValidators = { ...nobody, registeredAt: [0n, 0n] };
    const withoutMiners = {
      ...{ stakes: [1n], active: [true], permits: [true], diagonal: [undefined], updatedAt: [1n] },
      ...{ registeredAt: [], weights: [[]], bonds: [[]] },
    };
    for (const network of [withoutValidators, withoutMiners])
      expect(await epoch(network, PARAMS)).to.deep.equal(await MODEL.epoch(network, PARAMS));
  });

  it("when 40 random subnets run some epochs, has the model's numbers to the last digit", async () => {
    await expectTheSame(await yuma(), Array(40).keys());
  });
});

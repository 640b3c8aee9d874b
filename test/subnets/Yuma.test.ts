import { networkHelpers } from "../grid.ts";
import { itAgreesWithTheReference } from "./yuma.ts";
import { contractFixture, expectTheSame } from "./yumaHarness.ts";

const yuma = () => networkHelpers.loadFixture(contractFixture);

describe("Yuma", () => {
  itAgreesWithTheReference(yuma);

  it("when 40 random subnets run some epochs, has the model's numbers to the last digit", async () => {
    await expectTheSame(await yuma(), Array(40).keys());
  });
});

import { networkHelpers } from "../grid.ts";
import { contractFixture, expectTheSame } from "./yumaHarness.ts";

describe("Yuma", () => {
  it("when 1,000 random subnets run some epochs, has the model's numbers to the last digit", async () => {
    await expectTheSame(await networkHelpers.loadFixture(contractFixture), Array(1_000).keys());
  });
});

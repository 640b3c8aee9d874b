import { expect } from "chai";
import { createRandom } from "../../../scripts/lib/random.ts";
import { expectNear } from "../../near.ts";

describe("createRandom", () => {
  it("when the seed is the same, gives the same numbers, also of earlier versions", () => {
    const [one, other] = [createRandom(1), createRandom(1)];
    const numbers = Array.from({ length: 3 }, one.uniform);
    expect(numbers).to.deep.equal(Array.from({ length: 3 }, other.uniform));
    expect(numbers).to.deep.equal([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
    expect(createRandom(2).uniform()).not.to.equal(numbers[0]);
  });

  it("when many are drawn, are from 0 to below 1, or have mean 0 and deviation 1", () => {
    const { uniform, normal } = createRandom(3);
    const flat = Array.from({ length: 2_000 }, uniform);
    expect([Math.min(...flat) >= 0, Math.max(...flat) < 1]).to.deep.equal([true, true]);
    const bell = Array.from({ length: 2_000 }, normal);
    const mean = bell.reduce((sum, one) => sum + one, 0) / bell.length;
    expectNear(mean, 0, 0.1);
    expectNear(bell.reduce((sum, one) => sum + (one - mean) ** 2, 0) / bell.length, 1, 0.1);
  });
});

import { expect } from "chai";

/** Like chai's `closeTo`. Hardhat's matchers replace that one by one for whole numbers. */
export function expectNear(actual: number | undefined, expected: number, tolerance: number): void {
  expect(Math.abs((actual ?? Number.NaN) - expected), `${actual} instead of ${expected}`).to.be.at.most(
    tolerance,
  );
}

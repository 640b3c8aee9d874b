import { expect } from "chai";
import { boundOf } from "../../../../examples/closed-loop/money/close.ts";

describe("boundOf", () => {
  for (const [units, prepaid, bound] of [
    [0n, 1_000n, 0n],
    [1n, 1_000n, 100n],
    [99n, 1_000n, 100n],
    [100n, 1_000n, 100n],
    [101n, 1_000n, 200n],
    [950n, 980n, 980n],
    [980n, 980n, 980n],
  ] as const) {
    it(`when ${units} of ${prepaid} are used, is ${bound}`, () =>
      expect(boundOf(units, prepaid)).to.equal(bound));
  }
});

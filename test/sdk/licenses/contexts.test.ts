import { CONTEXT_KINDS, CONTEXTS, decodeContexts, encodeContexts } from "@benefit-grid/sdk";
import { expect } from "chai";
import { expectInvalid } from "../clients.ts";

describe("contexts", () => {
  it("when a name is unknown, names the parameter", async () => {
    // @ts-expect-error: not a context
    await expectInvalid(() => encodeContexts(["research", "warfare"]), "contexts");
    // @ts-expect-error: not a context either
    await expectInvalid(() => encodeContexts(["toString"]), "contexts");
  });

  it("are one bit each, and come back", () => {
    const names = Object.keys(CONTEXTS) as (keyof typeof CONTEXTS)[];
    expect(names.map((name) => encodeContexts([name]))).to.deep.equal(
      names.map((_, bit) => 2n ** BigInt(bit)),
    );
    expect(Object.keys(CONTEXT_KINDS)).to.deep.equal(names);
    expect(decodeContexts(encodeContexts(names))).to.deep.equal(names);
    expect(encodeContexts(["government", "research", "research"])).to.equal(129n);
    expect(decodeContexts(0n)).to.deep.equal([]);
  });

  it("when a bit has no name, is left out", () => {
    expect(decodeContexts((1n << 31n) | 2n)).to.deep.equal(["education"]);
  });
});

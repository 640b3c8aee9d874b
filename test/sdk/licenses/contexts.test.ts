import { CONTEXTS, decodeContexts, encodeContexts } from "@benefit-grid/sdk";
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
    expect(names.map((name) => encodeContexts([name]))).to.deep.equal([1n, 2n, 4n, 8n, 16n, 32n, 64n, 128n]);
    expect(decodeContexts(encodeContexts(names))).to.deep.equal(names);
    expect(encodeContexts(["government", "research", "research"])).to.equal(129n);
    expect(decodeContexts(0n)).to.deep.equal([]);
  });

  it("when a bit has no name, is left out", () => {
    expect(decodeContexts((1n << 8n) | 2n)).to.deep.equal(["education"]);
  });
});

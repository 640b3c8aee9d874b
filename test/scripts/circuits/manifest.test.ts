import { expect } from "chai";
import { insecureCircuits, type Manifest, readManifest } from "../../../scripts/circuits/manifest.ts";

const ALL = ["usage-batch-16x4", "usage-batch-128x16", "usage-range"];

/** The manifest as if a ceremony had made the verifiers of these circuits. */
function ceremonyOf(...names: string[]): Manifest {
  const { instances, ...rest } = readManifest();
  const made = Object.entries(instances).filter(([name]) => names.includes(name));
  return { ...rest, setup: "ceremony", instances: Object.fromEntries(made) };
}

describe("insecureCircuits", () => {
  it("when the keys are for development, names all", () => {
    expect(insecureCircuits(readManifest())).to.deep.equal(ALL);
  });

  it("when a ceremony made some of the verifiers, names the others", () => {
    expect(insecureCircuits(ceremonyOf("usage-batch-128x16"))).to.deep.equal([
      "usage-batch-16x4",
      "usage-range",
    ]);
    expect(insecureCircuits(ceremonyOf(...ALL))).to.deep.equal([]);
  });

  it("when a verifier differs from the ceremony's, names it", () => {
    const manifest = ceremonyOf(...ALL);
    const range = manifest.instances["usage-range"];
    if (range) range.sha256.verifier = "00".repeat(32);
    expect(insecureCircuits(manifest)).to.deep.equal(["usage-range"]);
  });
});

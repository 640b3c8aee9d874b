import { expect } from "chai";
import { artifacts } from "hardhat";
import { insecureCircuits, type Manifest, readManifest } from "../../../scripts/circuits/manifest.ts";
import { DEVELOPMENT_POINTS } from "../../../sdk/src/metering/developmentKeys.ts";

const ALL = ["usage-batch-16x4", "usage-batch-128x16", "usage-range"];

/** The manifest as if a ceremony had made the verifiers of these circuits alone. */
function ceremonyOf(...names: string[]): Manifest {
  const manifest = readManifest();
  for (const [name, entry] of Object.entries(manifest.instances))
    entry.setup = names.includes(name) ? "ceremony" : "dev-insecure";
  return manifest;
}

/** The bytecode of verifiers with other keys, and with a development key. */
const other = async () => "0x60";
const known = async () => `0x60${DEVELOPMENT_POINTS[1]?.toString(16)}`;

describe("insecureCircuits", () => {
  it("when the keys are for development, names all", async () => {
    expect(await insecureCircuits(ceremonyOf(), other)).to.deep.equal(ALL);
  });

  it("when a ceremony made some of the verifiers, names the others", async () => {
    expect(await insecureCircuits(ceremonyOf("usage-batch-128x16"), other)).to.deep.equal([
      "usage-batch-16x4",
      "usage-range",
    ]);
    expect(await insecureCircuits(ceremonyOf(...ALL), other)).to.deep.equal([]);
  });

  it("when a verifier differs from the ceremony's, names it", async () => {
    const manifest = ceremonyOf(...ALL);
    const range = manifest.instances["usage-range"];
    if (range) range.sha256.verifier = "00".repeat(32);
    expect(await insecureCircuits(manifest, other)).to.deep.equal(["usage-range"]);
  });

  it("when the manifest says ceremony, finds development keys in the bytecode", async () => {
    expect(await insecureCircuits(ceremonyOf(...ALL), known)).to.deep.equal(ALL);
    const range = (name: string) => (name === "UsageRangeVerifier" ? known() : other());
    expect(await insecureCircuits(ceremonyOf(...ALL), range)).to.deep.equal(["usage-range"]);
  });

  it("when a verifier is compiled, finds in its bytecode what the manifest says", async () => {
    const { instances } = readManifest();
    const present = async (name: string) => (await artifacts.readArtifact(name)).deployedBytecode;
    const development = ALL.filter((name) => instances[name]?.setup === "dev-insecure");
    expect(await insecureCircuits(ceremonyOf(...ALL), present)).to.deep.equal(development);
  });
});

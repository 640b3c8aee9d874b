import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { ensureCircuits } from "../../../scripts/circuits/build.ts";
import { CircuitError } from "../../../scripts/circuits/errors.ts";
import { builtFiles, setupOf } from "../../../scripts/circuits/instances.ts";
import { committedFiles, hashFile, readManifest } from "../../../scripts/circuits/manifest.ts";
import type { VerificationKey } from "../../../scripts/circuits/verification-key.ts";
import { copyProject, type Project } from "./project.ts";

const NAME = "usage-range";
/** The key of a ceremony can't be built. */
const STEPS = {
  "dev-insecure": /compile\n.*phase 1.*\n.*phase 2.*\n.*export.*\n.*done/,
  ceremony: /compile\n.*done/,
};

describe("ensureCircuits", () => {
  it("when a file is damaged, builds it again and tells the steps; when none is, does nothing", async () => {
    await ensureCircuits([NAME]);
    const project = copyProject([NAME]);
    try {
      const wasm = project.path(builtFiles(NAME).wasm);
      appendFileSync(wasm, "x");
      expect(project.ensure(NAME).join("\n")).to.match(STEPS[setupOf(NAME)]);
      expect(project.ensure(NAME)).to.deep.equal([]);
      expect(hashFile(wasm)).to.equal(readManifest().instances[NAME]?.sha256.wasm);
    } finally {
      project.remove();
    }
  });

  it("when there is no such circuit, names the existing ones", async () => {
    const error = await ensureCircuits(["usage"]).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(CircuitError);
    expect((error as Error).message).to.equal(
      "There is no circuit usage. There are usage-batch-16x4, usage-batch-128x16, usage-range.",
    );
  });
});

describe("npm run circuits -- --check", () => {
  let project: Project;
  const OTHER = "usage-batch-16x4";

  beforeEach(() => {
    project = copyProject();
  });

  afterEach(() => project.remove());

  it("given the committed files, finds no problem", () => {
    expect(project.circuits("--check")).to.deep.equal({ status: 0, stderr: "" });
  });

  it("given a changed verifier, key or list of circuits, names it", () => {
    appendFileSync(project.path("contracts/verifiers/UsageRangeVerifier.sol"), "// more\n");
    appendFileSync(project.path(committedFiles(OTHER).vkey), "\n");
    project.changeJson("circuits/circuits.json", (instances: Record<string, unknown>) => {
      delete instances["usage-batch-128x16"];
    });
    const { status, stderr } = project.circuits("--check");
    expect(status).to.equal(1);
    expect(stderr.trim().split("\n")).to.deep.equal([
      "npm run circuits: circuits/keys/manifest.json has usage-batch-128x16, but circuits/circuits.json does not.",
      `${committedFiles(OTHER).vkey} is not what circuits/keys/manifest.json says: npm run circuits -- usage-batch-16x4 --write`,
      "contracts/verifiers/UsageRangeVerifier.sol is not what circuits/keys/manifest.json says: npm run circuits -- usage-range --write",
    ]);
  });

  it("given names, checks these circuits alone", () => {
    appendFileSync(project.path("contracts/verifiers/UsageRangeVerifier.sol"), "// more\n");
    expect(project.circuits("--check", OTHER)).to.deep.equal({ status: 0, stderr: "" });
    expect(project.circuits("--check", OTHER, NAME).stderr).to.match(/UsageRangeVerifier.sol is not what/);
    expect(project.circuits("--check", "none")).to.deep.equal({
      status: 1,
      stderr:
        "npm run circuits: There is no circuit none. There are usage-batch-16x4, usage-batch-128x16, usage-range.\n",
    });
  });

  it("given a key that accepts forged proofs, refuses it", () => {
    project.changeJson(committedFiles(NAME).vkey, (key: VerificationKey) => {
      key.vk_delta_2 = key.vk_gamma_2;
    });
    expect(project.circuits("--check").stderr).to.contain("The key of usage-range accepts forged proofs");
  });

  it("given a changed circuit, refuses it, and so does a build", () => {
    appendFileSync(project.path("circuits/src/usage-range.circom"), "template More() {}\n");
    const stale =
      "npm run circuits: The circuit usage-range, or a tool for it, changed since circuits/keys/manifest.json " +
      "was written. After a wanted change: npm run circuits -- --write\n";
    expect(project.circuits("--check")).to.deep.equal({ status: 1, stderr: stale });
    expect(project.circuits(NAME)).to.deep.equal({ status: 1, stderr: stale });
  });

  it("given a circuit with a warning of circom's, --write shows it and builds nothing", () => {
    const source = project.path("circuits/src/usage-range.circom");
    writeFileSync(
      source,
      readFileSync(source, "utf8").replace("signal input salt;", "$&\n    signal input more;"),
    );
    const { status, stderr } = project.circuits(NAME, "--write");
    expect(status).to.equal(1);
    expect(stderr).to.match(
      /npm run circuits: circom refuses usage-range:\n.*warning.*signal more does not appear/s,
    );
  });

  it("given a circuit that does not compile, --write shows circom's message", () => {
    appendFileSync(project.path("circuits/src/usage-range.circom"), "template {\n");
    const { status, stderr } = project.circuits(NAME, "--write");
    expect(status).to.equal(1);
    expect(stderr).to.match(/npm run circuits: circom refuses usage-range:\n.*error/);
  });
});

import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { buildInstance, ensureCircuits } from "../../../scripts/circuits/build.ts";
import { CircuitError } from "../../../scripts/circuits/errors.ts";
import { BUILD, builtFiles, findInstances, type Instance } from "../../../scripts/circuits/instances.ts";
import { hashFile, type Manifest, readManifest } from "../../../scripts/circuits/manifest.ts";
import { stopThreads } from "../../../scripts/circuits/threads.ts";
import type { VerificationKey } from "../../../scripts/circuits/verification-key.ts";

const NAME = "usage-range";
const [INSTANCE] = findInstances([NAME]) as [Instance];

describe("buildInstance", () => {
  let folder = "";

  before(() => {
    mkdirSync(BUILD, { recursive: true });
    folder = mkdtempSync(join(BUILD, "test-"));
  });

  after(async () => {
    rmSync(folder, { recursive: true });
    await stopThreads();
  });

  it("when it builds a circuit again, gets the files of the manifest byte for byte", async function () {
    this.timeout(60_000);
    const entry = await buildInstance(INSTANCE, folder, () => {});
    expect(entry).to.deep.equal(readManifest().instances[NAME]);
    expect(hashFile(builtFiles(NAME, folder).zkey)).to.equal(entry.sha256.zkey);
  });
});

describe("ensureCircuits", () => {
  it("when a file is damaged, builds it again and tells the steps; when none is, does nothing", async function () {
    this.timeout(120_000);
    await ensureCircuits([NAME]);
    appendFileSync(builtFiles(NAME).wasm, "x");
    const steps: string[] = [];
    await ensureCircuits([NAME], (step) => steps.push(step));
    expect(steps.join("\n")).to.match(/compile\n.*phase 1.*\n.*phase 2.*\n.*export.*\n.*done/);
    await ensureCircuits([NAME], (step) => expect.fail(step));
    expect(hashFile(builtFiles(NAME).wasm)).to.equal(readManifest().instances[NAME]?.sha256.wasm);
  });

  it("when there is no such circuit, names those there are", async () => {
    const error = await ensureCircuits(["usage"]).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(CircuitError);
    expect((error as Error).message).to.equal(
      "There is no circuit usage. There are usage-batch-16x4, usage-batch-128x16, usage-range.",
    );
  });
});

describe("npm run circuits", function () {
  this.timeout(120_000);
  let project = "";

  // A copy of what the commands read, to change.
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "benefit-grid-"));
    for (const path of [
      "circuits/circuits.json",
      "circuits/keys",
      "circuits/src",
      "contracts/verifiers",
      "node_modules/circomlib/circuits",
    ]) {
      cpSync(path, join(project, path), { recursive: true });
    }
  });

  afterEach(() => rmSync(project, { recursive: true }));

  it("given what is committed, --check finds no problem", () => {
    expect(circuits("--check")).to.deep.equal({ status: 0, stderr: "" });
  });

  it("given a changed verifier, key or list of circuits, --check names it", () => {
    appendFileSync(join(project, "contracts/verifiers/UsageRangeVerifier.sol"), "// more\n");
    appendFileSync(join(project, "circuits/keys/usage-batch-16x4.dev-insecure.vkey.json"), "\n");
    changeJson("circuits/circuits.json", (instances: Record<string, unknown>) => {
      delete instances["usage-batch-128x16"];
    });
    const { status, stderr } = circuits("--check");
    expect(status).to.equal(1);
    expect(stderr.trim().split("\n")).to.deep.equal([
      "npm run circuits: circuits/keys/manifest.json has usage-batch-128x16, which circuits/circuits.json has not.",
      "circuits/keys/usage-batch-16x4.dev-insecure.vkey.json is not what circuits/keys/manifest.json says: npm run circuits -- usage-batch-16x4 --write",
      "contracts/verifiers/UsageRangeVerifier.sol is not what circuits/keys/manifest.json says: npm run circuits -- usage-range --write",
    ]);
  });

  it("given a key that accepts forged proofs, --check refuses it", () => {
    changeJson("circuits/keys/usage-range.dev-insecure.vkey.json", (key: VerificationKey) => {
      key.vk_delta_2 = key.vk_gamma_2;
    });
    expect(circuits("--check").stderr).to.contain("The key of usage-range accepts forged proofs");
  });

  it("given a changed circuit, builds only with --write, which records it", () => {
    const source = join(project, "circuits/src/usage-range.circom");
    writeFileSync(source, readFileSync(source, "utf8").replace("pragma", "// More.\npragma"));
    const stale =
      "npm run circuits: The circuit usage-range, or a tool that builds it, is not what circuits/keys/manifest.json " +
      "was made from. If that is on purpose: npm run circuits -- --write\n";
    expect(circuits("--check")).to.deep.equal({ status: 1, stderr: stale });
    expect(circuits(NAME)).to.deep.equal({ status: 1, stderr: stale });
    expect(circuits(NAME, "--write").status).to.equal(0);
    expect(circuits("--check")).to.deep.equal({ status: 0, stderr: "" });
    expect(circuits(NAME)).to.deep.equal({ status: 0, stderr: "" });
  });

  it("given another tool, keeps no entry that the old one made", () => {
    changeJson("circuits/keys/manifest.json", ({ versions }: Manifest) => {
      versions.snarkjs = "0.7.5";
    });
    expect(circuits(NAME, "--write").status).to.equal(0);
    const { versions, instances } = JSON.parse(
      readFileSync(join(project, "circuits/keys/manifest.json"), "utf8"),
    );
    expect(versions).to.deep.equal(readManifest().versions);
    expect(instances).to.have.all.keys(NAME);
    expect(circuits("--check").stderr.match(/The circuit \S+, or a tool/g)).to.have.length(2);
  });

  it("given a build that differs from the manifest, says in what", () => {
    changeJson("circuits/keys/manifest.json", ({ instances: { [NAME]: entry } }: Manifest) => {
      if (entry) entry.sha256.zkey = "00";
    });
    const { status, stderr } = circuits(NAME);
    expect(status).to.equal(1);
    expect(stderr).to.contain("Built from the same sources, zkey of usage-range is not what");
  });

  it("given a circuit that does not compile, shows what circom says", () => {
    appendFileSync(join(project, "circuits/src/usage-range.circom"), "template {\n");
    const { status, stderr } = circuits(NAME, "--write");
    expect(status).to.equal(1);
    expect(stderr).to.match(/npm run circuits: circom refuses usage-range:\n.*error/);
  });

  function circuits(...options: string[]) {
    const script = resolve("scripts/circuits.ts");
    const { status, stderr } = spawnSync(process.execPath, [script, ...options], {
      cwd: project,
      encoding: "utf8",
    });
    return { status, stderr };
  }

  function changeJson<T>(file: string, change: (content: T) => void) {
    const path = join(project, file);
    const content: T = JSON.parse(readFileSync(path, "utf8"));
    change(content);
    writeFileSync(path, JSON.stringify(content, null, 2));
  }
});

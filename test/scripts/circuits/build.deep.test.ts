import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { buildInstance } from "../../../scripts/circuits/build.ts";
import { BUILD, builtFiles, findInstances, type Instance } from "../../../scripts/circuits/instances.ts";
import { hashFile, type Manifest, readManifest } from "../../../scripts/circuits/manifest.ts";
import { stopThreads } from "../../../scripts/circuits/threads.ts";
import { copyProject, type Project } from "./project.ts";

const NAME = "usage-range";
const [INSTANCE] = findInstances([NAME]) as [Instance];
const MANIFEST = "circuits/keys/manifest.json";

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

  it("when it builds a circuit again, gets the files of the manifest byte for byte", async () => {
    const entry = await buildInstance(INSTANCE, folder, () => {});
    expect(entry).to.deep.equal(readManifest().instances[NAME]);
    expect(hashFile(builtFiles(NAME, folder).zkey)).to.equal(entry.sha256.zkey);
  });
});

describe("npm run circuits", () => {
  let project: Project;

  beforeEach(() => {
    project = copyProject();
  });

  afterEach(() => project.remove());

  it("given a changed circuit, builds and records it only with --write", () => {
    changeSource((source) => source.replace("pragma", "// More.\npragma"));
    const stale =
      "npm run circuits: The circuit usage-range, or a tool for it, changed since circuits/keys/manifest.json " +
      "was written. After a wanted change: npm run circuits -- --write\n";
    expect(project.circuits("--check")).to.deep.equal({ status: 1, stderr: stale });
    expect(project.circuits(NAME)).to.deep.equal({ status: 1, stderr: stale });
    expect(project.circuits(NAME, "--write").status).to.equal(0);
    expect(project.circuits("--check")).to.deep.equal({ status: 0, stderr: "" });
    expect(project.circuits(NAME)).to.deep.equal({ status: 0, stderr: "" });
  });

  it("given a changed comment, builds the recorded files", () => {
    changeSource((source) => source.replace("// The same ranges", "// THE SAME ranges"));
    expect(project.circuits("--check")).to.deep.equal({ status: 0, stderr: "" });
    expect(project.circuits(NAME).status).to.equal(0);
  });

  it("given another tool, drops the old tool's entries", () => {
    project.changeJson(MANIFEST, ({ versions }: Manifest) => {
      versions.snarkjs = "0.7.5";
    });
    expect(project.circuits(NAME, "--write").status).to.equal(0);
    const { versions, instances } = JSON.parse(readFileSync(project.path(MANIFEST), "utf8"));
    expect(versions).to.deep.equal(readManifest().versions);
    expect(instances).to.have.all.keys(NAME);
    expect(project.circuits("--check").stderr.match(/The circuit \S+, or a tool/g)).to.have.length(2);
  });

  it("given a build different from the manifest, names the files", () => {
    project.changeJson(MANIFEST, ({ instances: { [NAME]: entry } }: Manifest) => {
      if (entry) entry.sha256.zkey = "00";
    });
    const { status, stderr } = project.circuits(NAME);
    expect(status).to.equal(1);
    expect(stderr).to.contain("Built from the same sources, zkey of usage-range is not what");
  });

  function changeSource(change: (source: string) => string) {
    const file = project.path("circuits/src/usage-range.circom");
    writeFileSync(file, change(readFileSync(file, "utf8")));
  }
});

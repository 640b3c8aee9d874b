import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { freshnessOf } from "../../../scripts/lib/freshness.ts";

describe("freshnessOf", () => {
  let folder = "";
  const path = (name: string) => join(folder, name);
  const current = () => {
    const work = { name: "copy a file", inputs: [path("in/**/*.txt")], outputs: [path("out/**/*.txt")] };
    return freshnessOf(work, path("records"));
  };
  const state = () => {
    const { isFresh, isTouched } = current();
    return { isFresh, isTouched };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "benefit-grid-"));
    for (const name of ["in/deep", "out"]) mkdirSync(path(name), { recursive: true });
    writeFileSync(path("in/deep/a.txt"), "a");
    const { begin, succeed } = current();
    begin();
    writeFileSync(path("out/a.txt"), "a");
    succeed();
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("when nothing changed, or only times did, the work is fresh", () => {
    expect(state()).to.deep.equal({ isFresh: true, isTouched: false });
    writeFileSync(path("in/deep/a.txt"), readFileSync(path("in/deep/a.txt")));
    writeFileSync(path("in/other.md"), "not an input");
    expect(state()).to.deep.equal({ isFresh: true, isTouched: false });
  });

  it("when an input has other content, another name, or is new or gone, the work is stale", () => {
    writeFileSync(path("in/deep/a.txt"), "b");
    expect(state()).to.deep.equal({ isFresh: false, isTouched: false });
    rmSync(path("in/deep/a.txt"));
    expect(state()).to.deep.equal({ isFresh: false, isTouched: false });
    writeFileSync(path("in/a.txt"), "a");
    expect(state()).to.deep.equal({ isFresh: false, isTouched: false });
    writeFileSync(path("in/deep/a.txt"), "a");
    expect(state()).to.deep.equal({ isFresh: false, isTouched: false });
    rmSync(path("in/a.txt"));
    expect(state()).to.deep.equal({ isFresh: true, isTouched: false });
  });

  it("when an output is missing or damaged, the work is stale and touched", () => {
    appendFileSync(path("out/a.txt"), "x");
    expect(state()).to.deep.equal({ isFresh: false, isTouched: true });
    rmSync(path("out/a.txt"));
    expect(state()).to.deep.equal({ isFresh: false, isTouched: true });
  });

  it("when the work began and did not succeed, it is stale", () => {
    current().begin();
    expect(state()).to.deep.equal({ isFresh: false, isTouched: true });
  });

  it("when an input changes while the work runs, it is stale", () => {
    const { begin, succeed } = current();
    begin();
    writeFileSync(path("in/deep/a.txt"), "changed meanwhile");
    succeed();
    expect(state()).to.deep.equal({ isFresh: false, isTouched: false });
  });

  it("when the record is no JSON, the work is stale", () => {
    writeFileSync(path("records/copy-a-file.json"), "{");
    expect(state()).to.deep.equal({ isFresh: false, isTouched: true });
  });
});

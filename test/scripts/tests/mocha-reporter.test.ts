import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { parseEvents } from "../../../scripts/tests/events.ts";
import { resultsOf } from "../../../scripts/tests/results.ts";

describe("mocha-reporter", () => {
  const folder = mkdtempSync(join(tmpdir(), "reporter-"));
  after(() => rmSync(folder, { recursive: true }));

  function run(source: string) {
    const [file, events] = [join(folder, "a.cjs"), join(folder, "events.jsonl")];
    rmSync(events, { force: true });
    writeFileSync(file, source);
    const command = [
      "node_modules/mocha/bin/mocha.js",
      "--reporter",
      "./scripts/tests/mocha-reporter.ts",
      file,
    ];
    // Mocha's exit code is the number of failures.
    const env = { ...process.env, TEST_EVENTS: events, NODE_OPTIONS: "" };
    try {
      execFileSync(process.execPath, command, { env, stdio: "pipe" });
    } catch {}
    return {
      file: relative(process.cwd(), file),
      ...resultsOf(parseEvents(readFileSync(events, "utf8")), []),
    };
  }

  it("reports what passed, and how long its file took", () => {
    const { file, passed, problems, times } = run(
      `it("one", () => {}); describe("in", () => it("two", () => {}));`,
    );
    expect({ passed, problems }).to.deep.equal({ passed: 2, problems: [] });
    expect(times.get(file)).to.be.greaterThan(0);
  });

  it("reports a failed assertion with both values", () => {
    const { problems } = run(`it("one", () => require("node:assert").deepEqual({ a: [1] }, { a: [2] }));`);
    expect(problems).to.have.lengthOf(1);
    expect(problems[0]?.detail).to.match(
      /AssertionError[\s\S]*expected: \{ a: \[ 2 \] \}\ngot: \{ a: \[ 1 \] \}/,
    );
  });

  it("reports tests behind a failed hook", () => {
    const { file, passed, problems } = run(`
      describe("outer", () => {
        before(() => { throw new Error("no node"); });
        it("one", () => {});
        it("two", () => {});
      });
      it("three", () => {});`);
    expect(passed).to.equal(1);
    expect(problems.map(({ what }) => what)).to.deep.equal([
      `${file}: outer: "before all" hook for "one"`,
      `${file}: outer one did not run`,
      `${file}: outer two did not run`,
    ]);
  });

  it("reports skipped tests", () => {
    const { file, problems } = run(`it.skip("one", () => {}); it("two");`);
    expect(problems.map(({ what }) => what)).to.deep.equal([
      `${file}: one is skipped`,
      `${file}: two is skipped`,
    ]);
  });

  it("reports tests that the process took along", () => {
    const { file, passed, problems } = run(`it("one", () => {}); it("two", () => process.exit(0));`);
    expect(passed).to.equal(1);
    expect(problems.map(({ what }) => what)).to.deep.equal([`${file}: two did not run`]);
  });
});

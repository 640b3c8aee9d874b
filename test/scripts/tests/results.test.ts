import { expect } from "chai";
import { declaredTests } from "../../../scripts/tests/declared.ts";
import { parseSolidity, type TestEnd, type TestEvent } from "../../../scripts/tests/events.ts";
import { leaveOut, resultsOf } from "../../../scripts/tests/results.ts";

const FILE = "test/a.test.ts";

const loaded = (name: string): TestEvent => ({ type: "loaded", file: FILE, name });
const ended = (name: string, change: Partial<TestEnd> = {}): TestEvent => ({
  ...{ type: "ended", of: "test", state: "passed", file: FILE, name, title: name },
  ...change,
});

describe("resultsOf", () => {
  it("when all loaded tests passed, finds no problem", () => {
    const events = [loaded("one"), loaded("two"), ended("one"), ended("two")];
    expect(resultsOf(events, [])).to.deep.include({ passed: 2, problems: [] });
  });

  it("when a test failed, gives its error and the command that runs it alone", () => {
    const events = [loaded("it's (odd)"), ended("it's (odd)", { state: "failed", error: "Error: no" })];
    expect(resultsOf(events, [])).to.deep.include({
      passed: 0,
      problems: [
        {
          what: "test/a.test.ts: it's (odd)",
          detail: "Error: no",
          command: "npm run test:mocha -- test/a.test.ts --grep 'it'\\''s \\(odd\\)'",
        },
      ],
    });
  });

  it("when a test is skipped, reports it", () => {
    const { passed, problems } = resultsOf([loaded("one"), ended("one", { state: "skipped" })], []);
    expect(passed).to.equal(0);
    expect(problems.map(({ what }) => what)).to.deep.equal(["test/a.test.ts: one is skipped"]);
  });

  it("when a hook failed, reports it and each test behind it", () => {
    const hook = ended("suite", { of: "hook", state: "failed", title: '"before all" hook for "one"' });
    const { passed, problems } = resultsOf([loaded("one"), loaded("two"), hook], []);
    expect(passed).to.equal(0);
    expect(problems.map(({ what }) => what)).to.deep.equal([
      'test/a.test.ts: suite: "before all" hook for "one"',
      "test/a.test.ts: one did not run",
      "test/a.test.ts: two did not run",
    ]);
  });

  it("when of two tests with one name only one ran, reports the other", () => {
    const { problems } = resultsOf([loaded("one"), loaded("one"), ended("one")], []);
    expect(problems.map(({ what }) => what)).to.deep.equal(["test/a.test.ts: one did not run"]);
  });

  it("when a test of a source did not run, reports its line", () => {
    const declared = declaredTests(FILE, 'it("one", f);\nit("two", f);\n');
    const { problems } = resultsOf([loaded("one"), ended("one")], declared);
    expect(problems).to.deep.equal([
      {
        what: 'test/a.test.ts:2: the test "two" did not run',
        command: "npm run test:mocha -- test/a.test.ts",
      },
    ]);
  });

  it("when a test of that name ran in another file only, reports it", () => {
    const declared = declaredTests("test/b.test.ts", 'it("one", f);');
    expect(resultsOf([loaded("one"), ended("one")], declared).problems).to.have.lengthOf(1);
  });

  it("adds up what tests and hooks of a file took", () => {
    const took = (time: number): TestEvent => ({ type: "took", file: FILE, time });
    expect([...resultsOf([took(2), took(3)], []).times]).to.deep.equal([[FILE, 5]]);
  });
});

describe("declaredTests", () => {
  const matches = (source: string, title: string) =>
    declaredTests(FILE, source).map(({ pattern }) => pattern.test(title));

  it("takes a title as it is, special characters included", () => {
    expect(matches('it("a (b)", f)', "a (b)")).to.deep.equal([true]);
    expect(matches('it("a (b)", f)', "a b")).to.deep.equal([false]);
    expect(matches('it("a", f)', "a b")).to.deep.equal([false]);
  });

  it("takes anything for what a template fills in, and nothing else", () => {
    const source = "it(`when \x24{x}, y`, f)";
    expect(matches(source, "when anything, y")).to.deep.equal([true]);
    expect(matches(source, "when anything, z")).to.deep.equal([false]);
  });

  it("finds tests inside of loops and helpers, and leaves comments out", () => {
    const source = 'for (const x of []) it("one", f);\nconst g = () => { it("two", f); };\n// it("three", f)';
    expect(declaredTests(FILE, source).map(({ line }) => line)).to.deep.equal([1, 2]);
  });

  it("finds tests and invariants of Solidity", () => {
    const source =
      "    function testFuzz_A(uint256 x) public {}\n    function invariant_B() public view {}\n    function help() public {}\n";
    expect(declaredTests("test/A.t.sol", source).map(({ title, line }) => [title, line])).to.deep.equal([
      ["testFuzz_A", 1],
      ["invariant_B", 2],
    ]);
  });
});

describe("parseSolidity", () => {
  it("reads passed, failed and skipped tests with their files", () => {
    const output = [
      "  test/coin/A.t.sol:ATest",
      "    ✔ test_One()",
      "    ✔ testFuzz_Two(uint256) (runs: 256)",
      "    1) invariant_Three()",
      "",
      "  test/coin/B.t.sol:BTest",
      "    - test_Four()",
    ].join("\n");
    expect(parseSolidity(output).map(({ file, title, state }) => [file, title, state])).to.deep.equal([
      ["test/coin/A.t.sol", "test_One", "passed"],
      ["test/coin/A.t.sol", "testFuzz_Two", "passed"],
      ["test/coin/A.t.sol", "invariant_Three", "failed"],
      ["test/coin/B.t.sol", "test_Four", "skipped"],
    ]);
  });
});

describe("leaveOut", () => {
  const source = 'describe("a", () => { it("one", f); it("two", f); });';
  const declared = declaredTests(FILE, source);

  it("when a test is left out, its run and declaration are no problem", () => {
    const events = [loaded("a one"), loaded("a two"), ended("a two", { title: "two" })];
    const { problems, ...run } = leaveOut([{ file: FILE, name: "a one" }], events, declared);
    expect(problems).to.deep.equal([]);
    expect(resultsOf(run.events, run.declared)).to.deep.include({ passed: 1, problems: [] });
    expect(resultsOf(events, declared).problems).to.have.length(2);
  });

  it("when there is no such test, reports it", () => {
    const without = [{ file: FILE, name: "a three" }];
    expect(leaveOut(without, [loaded("a one")], []).problems).to.deep.equal([
      { what: 'test/a.test.ts: there is no test "a three" to leave out' },
    ]);
  });
});

import { spawnSync } from "node:child_process";
import { expect } from "chai";

const CASES = [
  [["--bogus"], "npm start: Unknown option '--bogus'. See npm start -- --help."],
  [["--ask", " "], "npm start: The question is empty."],
  [["--rpc", "ws://127.0.0.1:1"], "npm start: --rpc needs an http(s) URL"],
  [["--rpc", "http://127.0.0.1:1"], "npm start: No node answers at http://127.0.0.1:1."],
  [["--ask"], "npm start: Option '--ask <value>' argument missing"],
  [["--ask", ""], "npm start: The question is empty."],
  [["--rpc", "nonsense"], "npm start: --rpc needs an http(s) URL"],
  [["extra"], "npm start: Unexpected argument 'extra'."],
  [["--report", "examples"], 'npm start: A file\'s name is needed, got "examples".'],
  [["--flow", ""], 'npm start: A file\'s name is needed, got "".'],
  [["--report", "none/report.html"], "npm start: ENOENT: no such file or directory, access 'none'"],
] as const;

describe("npm start", () => {
  for (const [options, message] of CASES) {
    it(`when it gets ${options.join(" ")}, says in a line that it cannot run`, () => {
      const { status, stderr } = run(...options);
      expect(stderr.trim().split("\n")).to.have.length(1);
      expect(stderr).to.contain(message);
      expect(status).to.equal(1);
    });
  }

  it("when it is asked for help, explains its options", () => {
    const { status, stdout } = run("--help");
    expect(stdout).to.match(
      /--ask "\.\.\."[\s\S]*--rpc URL[\s\S]*--report FILE[\s\S]*--flow FILE[\s\S]*--verbose/,
    );
    expect(status).to.equal(0);
  });
});

function run(...options: string[]) {
  return spawnSync(process.execPath, ["examples/closed-loop/main.ts", ...options], { encoding: "utf8" });
}

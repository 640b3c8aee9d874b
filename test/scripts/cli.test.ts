import { spawnSync } from "node:child_process";
import { expect } from "chai";

// What a person sees who mistypes a command: one line, and exit code 1.
const CASES = [
  ["scripts/start.ts", ["--bogus"], "npm start: Unknown option '--bogus'"],
  ["scripts/start.ts", ["--ask", " "], "npm start: The question is empty."],
  ["scripts/start.ts", ["--rpc", "ws://127.0.0.1:1"], "npm start: --rpc needs an http(s) URL"],
  ["scripts/start.ts", ["--rpc", "http://127.0.0.1:1"], "npm start: No node answers at http://127.0.0.1:1."],
  [
    "scripts/start.ts",
    ["--report", "none/report.html"],
    "npm start: ENOENT: no such file or directory, access 'none'",
  ],
  ["scripts/deploy.ts", ["--rpc", "here"], "--rpc needs an http(s) URL"],
  ["scripts/deploy.ts", ["--parameters", "none.json"], "ENOENT: no such file or directory, open 'none.json'"],
  ["bench/gas.ts", ["--bogus"], "Unknown option --bogus. Options: --json, --write, --check."],
] as const;

describe("commands", () => {
  for (const [script, options, message] of CASES) {
    it(`when ${script} gets ${options.join(" ")}, says so in a line`, () => {
      const { status, stderr } = spawnSync(process.execPath, [script, ...options], { encoding: "utf8" });
      expect(stderr.trim().split("\n")).to.have.length(1);
      expect(stderr).to.contain(message);
      expect(status).to.equal(1);
    });
  }

  it("when npm start is asked for help, explains its options", () => {
    const { status, stdout } = spawnSync(process.execPath, ["scripts/start.ts", "--help"], {
      encoding: "utf8",
    });
    expect(stdout).to.match(/--ask "\.\.\."[\s\S]*--rpc URL[\s\S]*--report FILE/);
    expect(status).to.equal(0);
  });
});

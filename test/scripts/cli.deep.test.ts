import { spawnSync } from "node:child_process";
import { expect } from "chai";

// A mistyped command prints one line and exits with code 1.
const CASES = [
  ["scripts/deploy.ts", ["--rpc", "here"], "--rpc needs an http(s) URL"],
  [
    "scripts/deploy.ts",
    ["--genesis", "none.json"],
    "none.json cannot be deployed: The file can't be read: ENOENT: no such file or directory, open 'none.json'",
  ],
  ["bench/gas.ts", ["--bogus"], "Unknown option --bogus. Options: --json, --write, --check."],
  ["bench/zk.ts", ["--bogus"], "Unknown option --bogus. Options: --json, --write, --check."],
  ["scripts/circuits.ts", ["--bogus"], "npm run circuits: Unknown option '--bogus'"],
  [
    "scripts/circuits.ts",
    ["none"],
    "npm run circuits: There is no circuit none. There are usage-batch-16x4,",
  ],
  ["scripts/dao.ts", ["bogus"], "npm run dao --: There is no command bogus. See npm run dao -- help."],
  ["scripts/dao.ts", ["list"], "npm run dao --: --network NAME or --rpc URL is missing. See --help."],
  [
    "scripts/dao.ts",
    ["list", "--network", "default", "--rpc", "http://127.0.0.1:1"],
    "npm run dao --: --network and --rpc exclude each other.",
  ],
  ["scripts/dao.ts", ["list", "--network", "none"], 'The network "none"'],
  ["scripts/dao.ts", ["list", "--network", "default"], "npm run dao --: Chain 31337 has no contract "],
  ["scripts/ceremony.ts", ["bogus"], "npm run ceremony: There is no command bogus. See --help."],
  ["scripts/ceremony.ts", ["start", "usage-range"], "npm run ceremony: --ptau is missing. See --help."],
  ["scripts/ceremony.ts", ["install"], "npm run ceremony: FOLDER is missing. See --help."],
  [
    "scripts/ceremony.ts",
    ["verify", "none.zkey", "--ptau", "none.ptau"],
    "npm run ceremony: There is no file none.zkey.",
  ],
  ["scripts/ledger.ts", [], "--network NAME or --rpc URL is missing."],
  ["scripts/ceremony.ts", ["contribute"], "npm run ceremony: FILE.zkey is missing. See --help."],
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
});

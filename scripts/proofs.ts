// npm run proofs
// Proves again all that tests keep in test/vectors/proofs.json, in about two minutes.
import { spawnSync } from "node:child_process";
import { globSync, rmSync } from "node:fs";
import { KEPT_PROOFS } from "../test/proofs.ts";

rmSync(KEPT_PROOFS, { force: true });
const files = globSync("test/{metering,attacks,sdk/metering,services/meter/settle}/**/*.test.ts").sort();
const { status } = spawnSync("hardhat", ["test", "mocha", "--no-compile", ...files], {
  stdio: "inherit",
  env: { ...process.env, KEEP_PROOFS: "1" },
});
process.exitCode = status ?? 1;

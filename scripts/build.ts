// Builds the contracts, the code generated from them, the SDK, and the circuits but the largest. Each tool skips what is up to date.
import { existsSync, globSync, rmSync } from "node:fs";
import { runStep } from "./lib/steps.ts";

const STEPS = [
  { name: "build contracts", command: "hardhat build --no-tests" },
  { name: "generate SDK code", command: "node scripts/generate.ts" },
  { name: "build SDK", command: "tsc -p sdk" },
  { name: "build circuits", command: "node scripts/circuits.ts" },
];

/** Stops at the first step that fails and says whether all went well. */
export async function build(): Promise<boolean> {
  removeStaleOutput();
  for (const step of STEPS) {
    const { ok } = await runStep(step);
    if (!ok) return false;
  }
  return true;
}

// tsc never deletes what it once wrote for a source that is gone.
function removeStaleOutput(): void {
  for (const output of globSync("sdk/dist/**/*.{js,d.ts}")) {
    const source = output.replace("sdk/dist", "sdk/src").replace(/(\.d\.ts|\.js)$/, ".ts");
    if (!existsSync(source)) rmSync(output);
  }
}

if (import.meta.main && !(await build())) process.exitCode = 1;

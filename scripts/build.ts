// Builds the contracts, the code generated from them, and the SDK. Each tool skips what is up to date.
import { existsSync, globSync, rmSync } from "node:fs";
import { runSteps } from "./lib/steps.ts";

removeStaleOutput();
await runSteps([
  { name: "contracts", command: "hardhat build" },
  { name: "generated code", command: "node scripts/generate.ts" },
  { name: "sdk", command: "tsc -p sdk" },
]);

// tsc never deletes what it once wrote for a source that is gone.
function removeStaleOutput(): void {
  for (const output of globSync("sdk/dist/**/*.{js,d.ts}")) {
    const source = output.replace("sdk/dist", "sdk/src").replace(/(\.d\.ts|\.js)$/, ".ts");
    if (!existsSync(source)) rmSync(output);
  }
}

// Everything that is checked without running code. `npm run fix` repairs what tools can repair.
import { build } from "./build.ts";
import { runStep } from "./lib/steps.ts";

const SOLIDITY = "'contracts/**/*.sol' 'test/**/*.sol'";

const STEPS = [
  { name: "lint TypeScript, JSON", command: "biome check --error-on-warnings ." },
  { name: "format Solidity", command: `prettier --check ${SOLIDITY}` },
  { name: "lint Solidity", command: `solhint --disc --noPoster --max-warnings 0 ${SOLIDITY}` },
  { name: "circuit keys fresh", command: "node scripts/circuits.ts --check" },
  { name: "circuit size fresh", command: "node bench/zk.ts --check" },
];

const STEPS_AFTER_BUILD = [
  // For their warnings: the run with coverage, which builds them again, has many of its own.
  { name: "build Solidity tests", command: "hardhat build --no-contracts" },
  { name: "check types", command: "tsc" },
  { name: "gas snapshot fresh", command: "node bench/gas.ts --check" },
  { name: "local deployment fresh", command: "node scripts/deploy.ts --check" },
];

/** Runs every check, also after one failed: those after the build need one. */
export async function check(): Promise<{ failed: number; isBuilt: boolean }> {
  let failed = 0;
  for (const step of STEPS) {
    const { ok } = await runStep(step);
    if (!ok) failed += 1;
  }
  const isBuilt = await build();
  if (!isBuilt) return { failed: failed + 1, isBuilt };
  for (const step of STEPS_AFTER_BUILD) {
    const { ok } = await runStep(step);
    if (!ok) failed += 1;
  }
  return { failed, isBuilt };
}

if (import.meta.main && (await check()).failed > 0) process.exitCode = 1;

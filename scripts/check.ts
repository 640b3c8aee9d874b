// Everything that is checked without running code. `npm run fix` repairs what tools can repair.
import { build } from "./build.ts";
import { runStep } from "./lib/steps.ts";

const SOLIDITY = "'contracts/**/*.sol' 'test/**/*.sol'";

const STEPS = [
  { name: "lint TypeScript, JSON", command: "biome check --error-on-warnings ." },
  { name: "format Solidity", command: `prettier --check ${SOLIDITY}` },
  { name: "lint Solidity", command: `solhint --disc --noPoster --max-warnings 0 ${SOLIDITY}` },
];

/** Runs every check, also after one failed: the types need a build, so without one they are not checked. */
export async function check(): Promise<{ failed: number; isBuilt: boolean }> {
  let failed = 0;
  for (const step of STEPS) {
    const { ok } = await runStep(step);
    if (!ok) failed += 1;
  }
  const isBuilt = await build();
  const isTyped = isBuilt && (await runStep({ name: "check types", command: "tsc" })).ok;
  if (!isTyped) failed += 1;
  return { failed, isBuilt };
}

if (import.meta.main && (await check()).failed > 0) process.exitCode = 1;

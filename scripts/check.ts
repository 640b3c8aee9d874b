// Everything that is checked without running tests. `npm run fix` repairs what tools can repair.
import { runSteps, type Step } from "./lib/steps.ts";

const SOLIDITY = "'contracts/*/*.sol' 'test/**/*.sol'";

export const BUILD: Step = { name: "build", command: "node scripts/build.ts" };

export const CHECKS: readonly Step[] = [
  { name: "lint TypeScript, JSON", command: "biome check --error-on-warnings ." },
  { name: "format Solidity", command: `prettier --check ${SOLIDITY}` },
  { name: "lint Solidity", command: `solhint --disc --noPoster --max-warnings 0 ${SOLIDITY}` },
  { name: "compiler warnings", command: "node scripts/warnings.ts" },
  { name: "circuit keys fresh", command: "node scripts/circuits.ts --check" },
  { name: "circuit size fresh", command: "node bench/zk.ts --check" },
  { name: "check types", command: "tsc", needs: ["build"] },
  { name: "gas snapshot fresh", command: "node bench/gas.ts --check", needs: ["build"] },
  { name: "local deployment fresh", command: "node scripts/deploy.ts --check", needs: ["build"] },
];

if (import.meta.main) {
  const steps = [BUILD, ...CHECKS];
  const results = await runSteps(steps);
  if (steps.some(({ name }) => !results.get(name)?.ok)) process.exitCode = 1;
}

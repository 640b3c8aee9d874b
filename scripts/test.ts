// Runs every check and every test, and ends with the line "N passed, N failed". With --deep: the long tests instead. With
// --anvil: the quick TypeScript tests against anvil instead of Hardhat's chain.
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { BUILD, CHECKS } from "./check.ts";
import { foundryTool } from "./lib/foundry.ts";
import { runSteps, type Step } from "./lib/steps.ts";
import { coverageProblems, isCovered } from "./tests/coverage.ts";
import { HARDHAT_ONLY } from "./tests/hardhat-only.ts";
import type { Problem } from "./tests/results.ts";
import { createSuite, type Suite } from "./tests/suite.ts";

const LCOV = "coverage/lcov.info";
const SLOWEST = 10;
// Longer walks of the invariants than by default, through other states each day.
const DEEP_ENV = {
  INVARIANT_RUNS: "512",
  FUZZ_SEED: `0x${Math.floor(Date.now() / 86_400_000).toString(16)}`,
};

/** Suites on the code that is deployed. */
const SOLIDITY = { command: "hardhat test solidity --no-compile", needs: [BUILD.name] };
const MOCHA = { command: "hardhat test mocha --no-compile", needs: [BUILD.name] };

const plan = planOf(process.argv);
rmSync(LCOV, { force: true });
const steps = [...plan.steps, ...plan.suites.map(({ step }) => step)];
const results = await runSteps(steps);
report();

function planOf(options: readonly string[]): Plan {
  if (options.includes("--anvil")) return anvilPlan();
  return options.includes("--deep") ? deepPlan() : quickPlan();
}

type Plan = { steps: readonly Step[]; suites: readonly Suite[]; isCovering: boolean };

/**
 * TypeScript tests of contracts run on instrumented code, for its coverage. All others run on the code that is deployed.
 * Both wait for a build, and checks fill the gaps.
 */
function quickPlan(): Plan {
  const instrument = { name: "instrument contracts", command: "hardhat build --coverage --no-tests" };
  const files = testFiles().filter((file) => !isDeep(file));
  const contractTests = createSuite({
    name: "contract tests",
    command: "hardhat test mocha --coverage",
    files: files.filter(isContractTest),
    needs: [BUILD.name, instrument.name],
  });
  const solidityTests = createSuite({ ...SOLIDITY, name: "Solidity tests", files: files.filter(isSolidity) });
  const otherTests = createSuite({
    ...MOCHA,
    name: "other tests",
    files: files.filter((file) => !isContractTest(file) && !isSolidity(file)),
  });
  // The longest first, so that both cores are busy until the end.
  const suites = [otherTests, contractTests, solidityTests];
  return { steps: [BUILD, instrument, ...CHECKS], suites, isCovering: true };
}

function deepPlan(): Plan {
  const files = testFiles();
  const solidity = createSuite({
    ...SOLIDITY,
    name: "long walks",
    files: files.filter(isSolidity),
    env: DEEP_ENV,
  });
  const mocha = createSuite({ ...MOCHA, name: "long tests", files: files.filter(isDeep) });
  // The quick tests run them on instrumented code only, by another pipeline of the compiler.
  const contractTests = createSuite({
    ...MOCHA,
    name: "contract tests",
    files: files.filter((file) => isContractTest(file) && !isDeep(file)),
  });
  return { steps: [BUILD], suites: [solidity, mocha, contractTests], isCovering: false };
}

function anvilPlan(): Plan {
  const files = testFiles().filter((file) => !isSolidity(file) && !isDeep(file));
  for (const { file, name } of HARDHAT_ONLY)
    if (!files.includes(file)) throw new Error(`${file} does not exist: "${name}" is left out on anvil.`);
  const options = { ...MOCHA, env: { ANVIL: foundryTool("anvil") }, without: HARDHAT_ONLY };
  const contractTests = createSuite({
    ...options,
    name: "contracts on anvil",
    files: files.filter(isContractTest),
  });
  const otherTests = createSuite({
    ...options,
    name: "others on anvil",
    files: files.filter((file) => !isContractTest(file)),
  });
  return { steps: [BUILD], suites: [otherTests, contractTests], isCovering: false };
}

function testFiles(): string[] {
  return globSync("test/**/*.{test.ts,t.sol}").sort();
}

function isDeep(file: string): boolean {
  return file.endsWith(".deep.test.ts");
}

function isSolidity(file: string): boolean {
  return file.endsWith(".sol");
}

function isContractTest(file: string): boolean {
  const domains = globSync("contracts/*").map((path) => path.slice("contracts/".length));
  return !isSolidity(file) && domains.some((name) => file.startsWith(`test/${name}/`));
}

function report(): void {
  const found = plan.suites.map((suite) => suite.results(results.get(suite.step.name)));
  const problems = [
    ...plan.steps.flatMap((step) => failedStep(step)),
    ...found.flatMap(({ problems }) => problems),
    ...(plan.isCovering ? uncovered() : []),
  ];
  const times = found.flatMap(({ times }) => [...times]).sort(([, a], [, b]) => b - a);
  const passed = found.reduce((sum, suite) => sum + suite.passed, 0);

  console.log("\nSlowest test files");
  for (const [file, time] of times.slice(0, SLOWEST))
    console.log(`${(time / 1_000).toFixed(1).padStart(8)} s  ${file}`);
  if (problems.length > 0) console.log("\nFailures");
  for (const { what, detail, command } of problems) {
    console.log(`\n${what}`);
    if (detail !== undefined) console.log(detail.trim().replace(/^/gm, "    "));
    if (command !== undefined) console.log(`    alone: ${command}`);
  }
  console.log(`\n${passed} passed, ${problems.length} failed`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

function failedStep({ name, command }: Step): Problem[] {
  const result = results.get(name);
  if (result?.ok) return [];
  return [
    {
      what: `${name} ${result ? "failed, see above" : "did not run"}`,
      command: `node scripts/run.mjs ${command}`,
    },
  ];
}

function uncovered(): Problem[] {
  if (!existsSync(LCOV)) return [{ what: "There is no coverage report." }];
  const sources = globSync("contracts/*/*.sol").filter(isCovered);
  return coverageProblems(readFileSync(LCOV, "utf8"), sources).map((what) => ({ what }));
}

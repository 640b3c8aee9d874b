// Runs every check and every test, and ends with the line "N passed, N failed".
import { globSync, rmSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { check } from "./check.ts";
import { coverageFailures } from "./lib/coverage.ts";
import { runStep } from "./lib/steps.ts";

const LCOV = "coverage/lcov.info";

const { failed: failedChecks, isBuilt } = await check();
const tests = isBuilt ? await runTests() : { passed: 0, failed: 0 };
const failed = failedChecks + tests.failed;
console.log(`${tests.passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

// One run serves tests and coverage: instrumentation changes gas, and gas is the bench's subject.
async function runTests(): Promise<{ passed: number; failed: number }> {
  rmSync(LCOV, { force: true });
  const { ok, output } = await runStep({ name: "tests with coverage", command: "hardhat test --coverage" });
  const counts = readCounts(stripVTControlCharacters(output));
  console.log(
    `  Solidity: ${counts.solidity} passed. Mocha: ${counts.mocha} passed, ${counts.pending} skipped.`,
  );

  const problems = ok ? [...missingTests(counts), ...coverageFailures(LCOV)] : [];
  for (const problem of problems) console.log(`FAILED  ${problem}`);
  return {
    passed: counts.solidity + counts.mocha,
    failed: ok ? problems.length : Math.max(counts.failed, 1),
  };
}

type Counts = { solidity: number; mocha: number; pending: number; failed: number };

// Hardhat closes with "3 passing (1 solidity, 2 mocha)", where Mocha's skipped tests count as passing.
function readCounts(output: string): Counts {
  const passing = output.match(/^\d+ passing \((.*)\)$/m)?.[1] ?? "";
  const count = (text: string, pattern: RegExp) => Number(text.match(pattern)?.[1] ?? 0);
  const pending = count(output, /^ +(\d+) pending$/m);
  return {
    solidity: count(passing, /(\d+) solidity/),
    mocha: count(passing, /(\d+) mocha/) - pending,
    pending,
    failed: count(output, /^(\d+) failing \(/m),
  };
}

// Hardhat is content when it finds no tests at all; every test file has at least one.
function missingTests(counts: Counts): string[] {
  const runners = [
    { name: "Solidity", passed: counts.solidity, files: globSync("test/**/*.t.sol").length },
    { name: "Mocha", passed: counts.mocha + counts.pending, files: globSync("test/**/*.test.ts").length },
  ];
  return runners
    .filter(({ passed, files }) => passed < Math.max(files, 1))
    .map(({ name, passed, files }) => `${name} ran ${passed} tests, and there are ${files} test files.`);
}

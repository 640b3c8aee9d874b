import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import type { Step, StepResult } from "../lib/steps.ts";
import { declaredTests } from "./declared.ts";
import { parseEvents, parseSolidity, type TestEvent } from "./events.ts";
import { leaveOut, type Results, resultsOf } from "./results.ts";

export type SuiteOptions = Omit<Step, "progress"> & {
  /** A `hardhat test` command; the files are added. */
  command: string;
  files: readonly string[];
  /** Tests that the command leaves out. Those of other files do not count. */
  without?: readonly { file: string; name: string }[];
};

export type Suite = {
  step: Step;
  /** What came of it. Only after the step. */
  results(step: StepResult | undefined): Results;
};

const FOLDER = "cache/test-events";

/** A step that runs test files by Hardhat, Solidity or Mocha, and says how many of them are done. */
export function createSuite({ files, without = [], ...step }: SuiteOptions): Suite {
  const eventsFile = `${FOLDER}/${step.name.replaceAll(" ", "-")}.jsonl`;
  mkdirSync(FOLDER, { recursive: true });
  rmSync(eventsFile, { force: true });
  const declared = files.flatMap((file) => declaredTests(file, readFileSync(file, "utf8")));
  const eventsOf = (output: string): TestEvent[] => [
    ...parseSolidity(stripVTControlCharacters(output)),
    ...(existsSync(eventsFile) ? parseEvents(readFileSync(eventsFile, "utf8")) : []),
  ];
  return {
    step: {
      ...step,
      command: `${step.command} ${files.join(" ")}`,
      env: { ...step.env, TEST_EVENTS: eventsFile },
      progress: (output) => progressOf(eventsOf(output), declared.length),
    },
    results(result) {
      if (!result) return { passed: 0, problems: [{ what: `${step.name}: did not run` }], times: new Map() };
      const own = without.filter(({ file }) => files.includes(file));
      const run = leaveOut(own, eventsOf(result.output), declared);
      const results = resultsOf(run.events, run.declared);
      results.problems.push(...run.problems);
      if (!result.ok && results.problems.length === 0)
        results.problems.push({ what: `${step.name}: the runner failed`, detail: result.output });
      return results;
    },
  };
}

function progressOf(events: readonly TestEvent[], declared: number): string {
  const ended = events.filter(({ type }) => type === "ended");
  const loaded = events.filter(({ type }) => type === "loaded");
  const failed = ended.filter((event) => event.type === "ended" && event.state === "failed").length;
  const all = Math.max(loaded.length, declared);
  return `${ended.length} of ${all} tests${failed > 0 ? `, ${failed} failed` : ""}`;
}

// A Mocha reporter that appends events to the file named by TEST_EVENTS and prints nothing.
import { appendFileSync } from "node:fs";
import { relative } from "node:path";
import { inspect } from "node:util";
import Mocha from "mocha";
import type { TestEnd, TestEvent } from "./events.ts";

const {
  EVENT_RUN_BEGIN,
  EVENT_SUITE_END,
  EVENT_TEST_END,
  EVENT_TEST_FAIL,
  EVENT_TEST_PASS,
  EVENT_TEST_PENDING,
} = Mocha.Runner.constants;

class MochaReporter {
  constructor(runner: Mocha.Runner) {
    let clock = performance.now();
    const takeTime = (file: string) => {
      const now = performance.now();
      emit({ type: "took", file, time: now - clock });
      clock = now;
    };
    runner.on(EVENT_RUN_BEGIN, () => {
      clock = performance.now();
      runner.suite.eachTest((test) =>
        emit({ type: "loaded", file: fileOf(test.file), name: test.fullTitle() }),
      );
    });
    runner.on(EVENT_TEST_PASS, (test) => emitEnd("passed", test));
    runner.on(EVENT_TEST_PENDING, (test) => emitEnd("skipped", test));
    runner.on(EVENT_TEST_FAIL, (test, error) => emitEnd("failed", test, error));
    runner.on(EVENT_TEST_END, ({ file }) => takeTime(fileOf(file)));
    runner.on(EVENT_SUITE_END, ({ file }) => takeTime(fileOf(file)));
  }
}

/** @param test a test, or a hook that failed */
function emitEnd(state: TestEnd["state"], test: Mocha.Runnable, error?: unknown): void {
  const isHook = test instanceof Mocha.Hook;
  const end: TestEnd = {
    type: "ended",
    of: isHook ? "hook" : "test",
    state,
    file: fileOf(test.file),
    name: isHook ? (test.parent?.fullTitle() ?? "") : test.fullTitle(),
    title: test.title,
  };
  emit(error === undefined ? end : { ...end, error: describe(error) });
}

function fileOf(path = ""): string {
  return path && relative(process.cwd(), path);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.stack ?? error.message;
  if (!("actual" in error && "expected" in error)) return text;
  return `${text}\nexpected: ${inspect(error.expected, { depth: 5 })}\ngot: ${inspect(error.actual, { depth: 5 })}`;
}

function emit(event: TestEvent): void {
  appendFileSync(String(process.env.TEST_EVENTS), `${JSON.stringify(event)}\n`);
}

// Mocha loads a reporter by `require`.
export { MochaReporter as "module.exports" };

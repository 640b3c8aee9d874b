import { type DeclaredTest, escapeRegExp } from "./declared.ts";
import type { TestEnd, TestEvent } from "./events.ts";

/** Why a run is no success, and the command that shows it again. */
export type Problem = { what: string; detail?: string; command?: string };

export type Results = { passed: number; problems: Problem[]; times: Map<string, number> };

/**
 * What came of a run: a test that did not pass, did not run, or is not there any more is a problem.
 *
 * @param events what ran
 * @param declared what the sources have
 */
export function resultsOf(events: readonly TestEvent[], declared: readonly DeclaredTest[]): Results {
  const ends = events.filter((event) => event.type === "ended");
  const tests = ends.filter(({ of }) => of === "test");
  const problems = [
    ...ends.filter(({ state }) => state !== "passed").map(problemOf),
    ...notEnded(events, tests),
    ...notLoaded(declared, tests),
  ];
  return { passed: tests.filter(({ state }) => state === "passed").length, problems, times: timesOf(events) };
}

/**
 * Takes tests out of a run that are left out on purpose, of the files that ran.
 *
 * @returns the rest, and a problem for each that does not exist
 */
export function leaveOut(
  without: readonly { file: string; name: string }[],
  events: readonly TestEvent[],
  declared: readonly DeclaredTest[],
): { events: TestEvent[]; declared: DeclaredTest[]; problems: Problem[] } {
  const isLeftOut = (file: string, name: string) =>
    without.some((test) => test.file === file && test.name === name);
  const loaded = events.filter((event) => event.type === "loaded");
  const left = loaded.filter(({ file, name }) => isLeftOut(file, name));
  const missing = without.filter(
    ({ file, name }) => !loaded.some((event) => event.file === file && event.name === name),
  );
  return {
    events: events.filter((event) => event.type !== "loaded" || !isLeftOut(event.file, event.name)),
    declared: declared.filter(({ file, pattern }) => {
      const end = new RegExp(pattern.source.replace("^", "(?:^| )"), pattern.flags);
      return !left.some((event) => event.file === file && end.test(event.name));
    }),
    problems: missing.map(({ file, name }) => ({ what: `${file}: there is no test "${name}" to leave out` })),
  };
}

function problemOf(end: TestEnd): Problem {
  const subject = end.of === "hook" ? `${end.name}: ${end.title}` : end.name;
  return {
    what: `${end.file}: ${subject}${end.state === "skipped" ? " is skipped" : ""}`,
    ...(end.error && { detail: end.error }),
    command: commandFor(end.file, end.name),
  };
}

/** Tests behind a failed hook, and those that a dying process took along. */
function notEnded(events: readonly TestEvent[], tests: readonly TestEnd[]): Problem[] {
  const left = countBy(tests);
  return events.flatMap((event) => {
    if (event.type !== "loaded") return [];
    const key = keyOf(event);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    if (count > 0) return [];
    return [
      { what: `${event.file}: ${event.name} did not run`, command: commandFor(event.file, event.name) },
    ];
  });
}

function countBy(tests: readonly TestEnd[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const test of tests) counts.set(keyOf(test), (counts.get(keyOf(test)) ?? 0) + 1);
  return counts;
}

function keyOf({ file, name }: { file: string; name: string }): string {
  return `${file} ${name}`;
}

function notLoaded(declared: readonly DeclaredTest[], tests: readonly TestEnd[]): Problem[] {
  const ran = ({ file, pattern }: DeclaredTest) =>
    tests.some((test) => test.file === file && pattern.test(test.title));
  return declared
    .filter((test) => !ran(test))
    .map(({ file, line, title }) => ({
      what: `${file}:${line}: the test ${title} did not run`,
      command: commandFor(file),
    }));
}

function timesOf(events: readonly TestEvent[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const event of events) {
    if (event.type === "took" && event.file !== "")
      times.set(event.file, (times.get(event.file) ?? 0) + event.time);
  }
  return times;
}

/** Runs a file, or one of its tests. */
function commandFor(file: string, name?: string): string {
  const runner = file.endsWith(".sol") ? "solidity" : "mocha";
  const grep = name === undefined ? "" : ` --grep ${quoted(escapeRegExp(name))}`;
  return `npm run test:${runner} -- ${file}${grep}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** What a test runner reports. */
export type TestEvent =
  /** A test that Mocha loaded. A test behind a failed hook is loaded and never ends. */
  | { type: "loaded"; file: string; name: string }
  | TestEnd
  /** Milliseconds that tests and hooks of a file took. */
  | { type: "took"; file: string; time: number };

export type TestEnd = {
  type: "ended";
  /** A hook is here only if it failed. */
  of: "test" | "hook";
  state: "passed" | "failed" | "skipped";
  /** Path from the repository's root. */
  file: string;
  /** What `--grep` finds it by: the names of the suites around it, and a test's own. */
  name: string;
  /** Its own name only. */
  title: string;
  error?: string;
};

/** Reads what the Mocha reporter wrote, one JSON line an event. */
export function parseEvents(text: string): TestEvent[] {
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** Reads what `hardhat test solidity` printed, without colors. */
export function parseSolidity(output: string): TestEnd[] {
  const states = { "✔": "passed", "-": "skipped" } as Record<string, TestEnd["state"]>;
  let file = "";
  return output.split("\n").flatMap((line) => {
    file = line.match(/^ {2}(test\/\S+\.t\.sol):\w+$/)?.[1] ?? file;
    const [, mark, title] = line.match(/^ {4}(✔|-|\d+\)) ((?:test|invariant|setUp)\w*)/) ?? [];
    if (mark === undefined || title === undefined) return [];
    return [{ type: "ended", of: "test", state: states[mark] ?? "failed", file, name: title, title }];
  });
}

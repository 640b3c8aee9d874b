import { styleText } from "node:util";

/** Where lines go. `process.stdout` is one. */
export type Output = { write(text: string): unknown; readonly isTTY?: boolean };

type Style = Parameters<typeof styleText>[0];

export type Printer = {
  readonly heading: (text: string) => void;
  readonly line: (text?: string) => void;
  /** Rows below a header; columns of numbers and amounts are aligned right. */
  readonly table: (header: readonly string[], rows: readonly (readonly string[])[]) => void;
  /**
   * Does something and prints what it was, its result in words, and how long it took. What it says of its progress is
   * shown in one line on a terminal; elsewhere now and then, if it takes long.
   */
  readonly step: <T>(
    name: string,
    run: (progress: Progress) => T | Promise<T>,
    describe?: (result: T) => string,
  ) => Promise<T>;
};

export type Progress = (text: string) => void;

/** How long nothing is said where lines stay. */
const QUIET_MS = 5_000;

/** Prints for people. Colors only on a terminal and without `NO_COLOR`. */
export function createPrinter(
  output: Output = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): Printer {
  const isColored = output.isTTY === true && !env.NO_COLOR;
  const paint = (style: Style, text: string): string =>
    isColored ? styleText(style, text, { validateStream: false }) : text;
  const line = (text = ""): void => void output.write(`${text}\n`);
  return Object.freeze({
    line,
    heading: (text: string) => line(`\n${paint("bold", printable(text))}`),
    table: (header, rows) => {
      const [top = "", ...rest] = layOut([header, ...rows].map((row) => row.map(printable)));
      line(paint("dim", top));
      for (const row of rest) line(row);
    },
    step: async (name, run, describe = () => "") => {
      const started = performance.now();
      const { report, clear } = startProgress(output, (text) => paint("dim", printable(`${name}: ${text}`)));
      try {
        const result = await run(report);
        clear();
        line(`${paint("green", "✓")} ${describeStep(name, describe(result), performance.now() - started)}`);
        return result;
      } catch (error) {
        clear();
        line(`${paint("red", "✗")} ${describeStep(name, "", performance.now() - started)}`);
        throw error;
      }
    },
  } satisfies Printer);
}

function startProgress(output: Output, format: (text: string) => string) {
  let isShown = false;
  let last = performance.now();
  const clear = (): void => void (isShown && output.write(CLEAR_LINE));
  const rewrite: Progress = (text) => {
    output.write(`${CLEAR_LINE}${format(text)}`);
    isShown = true;
  };
  const append: Progress = (text) => {
    if (performance.now() - last < QUIET_MS) return;
    last = performance.now();
    output.write(`  ${format(text)}\n`);
  };
  return { report: output.isTTY === true ? rewrite : append, clear };
}

const CLEAR_LINE = "\r\u001b[2K";

function describeStep(name: string, result: string, ms: number): string {
  const time = ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
  return `${printable(name).padEnd(44)} ${time.padStart(8)}${result === "" ? "" : `   ${printable(result)}`}`;
}

function layOut(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const cell = (row: readonly string[], column: number): string => row[column] ?? "";
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => cell(row, i).length)),
  );
  const isNumeric = widths.map((_, i) =>
    rows.slice(1).every((row) => /^-?[\d,.]+( \S+)?$/.test(cell(row, i))),
  );
  return rows.map((row) =>
    widths
      .map((width, i) => (isNumeric[i] ? cell(row, i).padStart(width) : cell(row, i).padEnd(width)))
      .join("  ")
      .trimEnd(),
  );
}

/** Questions come from strangers: no line breaks and no terminal control sequences. */
const printable = (text: string): string => text.replace(/\s+/g, " ").replace(/\p{C}/gu, "\uFFFD");

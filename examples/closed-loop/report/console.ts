import { styleText } from "node:util";

/** A terminal or a file, such as `process.stdout`. */
export type Output = { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };

type Style = Parameters<typeof styleText>[0];

export type Printer = {
  readonly heading: (text: string) => void;
  readonly line: (text?: string) => void;
  /** Rows below a header. Numbers and amounts are aligned right; text is wrapped where the table is too wide. */
  readonly table: (header: readonly string[], rows: readonly (readonly string[])[]) => void;
  /**
   * Runs a step and prints its name, its time and its result. Progress is shown in one line on a terminal; elsewhere
   * every few seconds.
   */
  readonly step: <T>(
    name: string,
    run: (progress: Progress) => T | Promise<T>,
    describe?: (result: T) => string,
  ) => Promise<T>;
};

export type Progress = (text: string) => void;

/** Longest lines: as wide as the terminal, within these limits. Files get the larger one. */
const MAX_COLUMNS = 100;
const MIN_COLUMNS = 50;
/** Columns of a step's name and time. */
const NAME_COLUMNS = 34;
const TIME_COLUMNS = 9;
/** A table's text columns are not made narrower. */
const MIN_CELL = 8;
const GAP = "  ";
/** Time between two lines of progress where each line stays. */
const QUIET_MS = 5_000;

/** Prints for people. Colors only on a terminal and without `NO_COLOR`. */
export function createPrinter(
  output: Output = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): Printer {
  const isColored = output.isTTY === true && !env.NO_COLOR;
  const paint = (style: Style, text: string): string =>
    isColored ? styleText(style, text, { validateStream: false }) : text;
  const width = (): number => Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, output.columns ?? MAX_COLUMNS));
  const write = (text: string): void => void output.write(`${text}\n`);
  return Object.freeze({
    line: (text = "") => {
      for (const part of wrap(printable(text), width())) write(part);
    },
    heading: (text: string) => {
      write("");
      for (const part of wrap(printable(text), width())) write(paint("bold", part));
    },
    table: (header, rows) => {
      const cells = [header, ...rows].map((row) => row.map(printable));
      const [top = [], ...rest] = layOut(cells, width());
      for (const part of top) write(paint("dim", part));
      for (const part of rest.flat()) write(part);
    },
    step: async (name, run, describe = () => "") => {
      const started = performance.now();
      const dim = (text: string) => paint("dim", printable(text).slice(0, width() - 1));
      const { report, clear } = startProgress(output, name, dim);
      const finish = (mark: string, result: string): void => {
        clear();
        const [first, ...more] = describeStep(name, performance.now() - started, result, width());
        write(`${mark} ${first}`);
        for (const part of more) write(part);
      };
      try {
        const result = await run(report);
        finish(paint("green", "✓"), describe(result));
        return result;
      } catch (error) {
        finish(paint("red", "✗"), "");
        throw error;
      }
    },
  } satisfies Printer);
}

function startProgress(output: Output, name: string, format: (text: string) => string) {
  let last = performance.now();
  const rewrite: Progress = (text) => output.write(`${CLEAR_LINE}${format(`${name}: ${text}`)}`);
  const append: Progress = (text) => {
    if (performance.now() - last < QUIET_MS) return;
    last = performance.now();
    output.write(`  ${format(`${name}: ${text}`)}\n`);
  };
  if (output.isTTY !== true) return { report: append, clear: () => undefined };
  output.write(format(`${name} ...`));
  return { report: rewrite, clear: () => output.write(CLEAR_LINE) };
}

const CLEAR_LINE = "\r\u001b[2K";

/** One line, or more where the result does not fit beside the time. */
function describeStep(name: string, ms: number, result: string, width: number): string[] {
  const time = ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
  const step = `${printable(name).padEnd(NAME_COLUMNS)}${time.padStart(TIME_COLUMNS)}`;
  if (result === "") return [step];
  const indent = " ".repeat(2 + step.length + 3);
  const room = width - indent.length;
  const isNarrow = room < MIN_CELL * 2;
  const [first = "", ...more] = wrap(printable(result), isNarrow ? width - 2 : room);
  return isNarrow
    ? [step, ...[first, ...more].map((part) => `  ${part}`)]
    : [`${step}   ${first}`, ...more.map((part) => indent + part)];
}

/** The lines of each row. */
function layOut(rows: readonly (readonly string[])[], room: number): string[][] {
  const columns = Math.max(...rows.map((row) => row.length));
  const cell = (row: readonly string[], column: number): string => row[column] ?? "";
  const natural = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => cell(row, i).length)),
  );
  const isNumeric = natural.map((_, i) =>
    rows.slice(1).every((row) => /^-?[\d,.]+( \S+)?$/.test(cell(row, i))),
  );
  const widths = shrink(natural, isNumeric, room - GAP.length * (columns - 1));
  return rows.map((row) => {
    const wrapped = widths.map((width, i) => wrap(cell(row, i), width));
    const height = Math.max(...wrapped.map((parts) => parts.length));
    return Array.from({ length: height }, (_, at) =>
      widths
        .map((width, i) => {
          const part = wrapped[i]?.[at] ?? "";
          return isNumeric[i] ? part.padStart(width) : part.padEnd(width);
        })
        .join(GAP)
        .trimEnd(),
    );
  });
}

/** Makes the widest text columns narrower until the table fits. */
function shrink(natural: readonly number[], isNumeric: readonly boolean[], room: number): number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, width) => sum + width, 0);
  while (total() > room) {
    const widest = Math.max(...widths.filter((_, i) => !isNumeric[i]));
    if (widest <= MIN_CELL) break;
    widths[widths.findIndex((width, i) => !isNumeric[i] && width === widest)] = widest - 1;
  }
  return widths;
}

/** Breaks a text between words, and inside a word that is longer than a line. */
function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "" || line.length + 1 + word.length <= width) {
      lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
    } else lines.push(word);
    while ((lines.at(-1)?.length ?? 0) > width) {
      const long = lines.pop() ?? "";
      lines.push(long.slice(0, width), long.slice(width));
    }
  }
  return lines;
}

/** Removes line breaks and terminal control sequences: questions come from strangers. */
const printable = (text: string): string => text.replace(/\s+/g, " ").replace(/\p{C}/gu, "\uFFFD");

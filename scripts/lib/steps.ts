import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

export type Step = {
  name: string;
  /** A shell command, run from the repository's root. */
  command: string;
  env?: Readonly<Record<string, string>>;
  /** Names of the steps that must succeed first. */
  needs?: readonly string[];
  /** How far the step is, in a few words, from its output so far. */
  progress?: (output: string) => string;
};

export type StepResult = { ok: boolean; output: string };

type Running = { step: Step; started: number; output: string };

const isTerminal = process.stdout.isTTY === true;

/** Runs one step; see `runSteps`. */
export async function runStep(step: Step): Promise<StepResult> {
  const [result] = (await runSteps([step])).values();
  if (!result) throw new Error(`Step "${step.name}" did not run.`);
  return result;
}

/**
 * Runs steps side by side, one per core, in the order given as far as `needs` allows. Prints a line for each: name,
 * seconds, result; and the output of a failed one. Others go on after a failure, but not those that need it.
 *
 * @returns the results of the steps that ran, by name
 */
export async function runSteps(steps: readonly Step[]): Promise<Map<string, StepResult>> {
  const results = new Map<string, StepResult>();
  const waiting = new Set(steps);
  const running = new Set<Running>();
  const stopStatus = startStatus(running);
  const canRun = ({ needs = [] }: Step) => needs.every((name) => results.get(name)?.ok);

  await new Promise<void>((resolve, reject) => {
    const startNext = () => {
      while (running.size < availableParallelism()) {
        const step = [...waiting].find(canRun);
        if (!step) break;
        waiting.delete(step);
        start(step);
      }
      if (running.size === 0) resolve();
    };
    const start = (step: Step) => {
      const one: Running = { step, started: performance.now(), output: "" };
      running.add(one);
      run(one).then((ok) => {
        running.delete(one);
        results.set(step.name, { ok, output: one.output });
        printResult(one, ok);
        startNext();
      }, reject);
    };
    startNext();
  }).finally(stopStatus);

  for (const { name } of waiting)
    print(`${name.padEnd(WIDTH)}         -  did not run: a step that it needs failed`);
  return results;
}

const WIDTH = 24;

function printResult({ step, started, output }: Running, ok: boolean): void {
  print(`${step.name.padEnd(WIDTH)}${secondsSince(started).padStart(8)} s  ${ok ? "ok" : "FAILED"}`);
  if (!ok) print(`\n${output.trim()}\n`);
}

function print(text: string): void {
  process.stdout.write(`${isTerminal ? "\r\x1b[K" : ""}${text}\n`);
}

/** Says every second (every 30 where the output is no terminal) what runs and how far it is. */
function startStatus(running: ReadonlySet<Running>): () => void {
  const show = () => {
    const states = [...running].map(({ step, started, output }) => {
      const progress = step.progress?.(output);
      return `${step.name} ${Math.round(Number(secondsSince(started)))} s${progress ? `, ${progress}` : ""}`;
    });
    if (states.length === 0) return;
    const line = `  running: ${states.join("; ")}`;
    if (isTerminal) process.stdout.write(`\r\x1b[K${line.slice(0, process.stdout.columns - 1)}`);
    else print(line);
  };
  const timer = setInterval(show, isTerminal ? 1_000 : 30_000);
  return () => {
    clearInterval(timer);
    if (isTerminal) process.stdout.write("\r\x1b[K");
  };
}

function secondsSince(started: number): string {
  return ((performance.now() - started) / 1_000).toFixed(1);
}

async function run(one: Running): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const child = spawn(one.step.command, {
      shell: true,
      env: { ...process.env, ...one.step.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const collect = (chunk: string) => {
      one.output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0));
  });
}

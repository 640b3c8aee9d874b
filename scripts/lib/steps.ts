import { spawn } from "node:child_process";

export type Step = {
  name: string;
  /** A shell command, run from the repository's root. */
  command: string;
  env?: Record<string, string>;
  /** Shows the output of a step that went well, too. */
  verbose?: boolean;
};

export type StepResult = { ok: boolean; output: string };

const isTerminal = process.stdout.isTTY === true;

/** Runs one step and prints its name, seconds and result; a failed step's output is printed in full. */
export async function runStep({ name, command, env, verbose }: Step): Promise<StepResult> {
  const stopClock = startClock(name);
  const { code, output } = await run(command, env);
  const ok = code === 0;
  stopClock(ok);
  if (!ok || verbose) console.log(`${output.trim()}\n`);
  return { ok, output };
}

/** Runs the steps one after the other and stops the process at the first that fails. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    const { ok } = await runStep(step);
    if (!ok) process.exit(1);
  }
}

function startClock(name: string): (ok: boolean) => void {
  const started = performance.now();
  const show = (state: string, end: string) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
    process.stdout.write(`${isTerminal ? "\r" : ""}${name.padEnd(20)}${seconds} s  ${state}${end}`);
  };
  const timer = isTerminal ? setInterval(() => show("...   ", ""), 500) : undefined;
  return (ok) => {
    clearInterval(timer);
    show(ok ? "ok    " : "FAILED", "\n");
  };
}

function run(
  command: string,
  env?: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    let output = "";
    const child = spawn(command, {
      shell: true,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

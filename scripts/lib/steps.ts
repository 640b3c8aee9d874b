import { spawn } from "node:child_process";

export type Step = {
  name: string;
  /** A shell command, run from the repository's root. */
  command: string;
};

export type StepResult = { ok: boolean; output: string };

const isTerminal = process.stdout.isTTY === true;

/** Runs one step and prints its name, seconds and result; a failed step's output is printed in full. */
export async function runStep({ name, command }: Step): Promise<StepResult> {
  const stopClock = startClock(name);
  const { code, output } = await run(command);
  const ok = code === 0;
  stopClock(ok);
  if (!ok) console.log(`\n${output.trim()}\n`);
  return { ok, output };
}

function startClock(name: string): (ok: boolean) => void {
  const started = performance.now();
  const show = (state: string, end: string) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
    process.stdout.write(`${isTerminal ? "\r" : ""}${name.padEnd(24)}${seconds} s  ${state}${end}`);
  };
  const timer = isTerminal
    ? setInterval(() => show("running", ""), 500)
    : setInterval(() => show("running", "\n"), 30_000);
  return (ok) => {
    clearInterval(timer);
    show(ok ? "ok     " : "FAILED ", "\n");
  };
}

function run(command: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    let output = "";
    const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
    const collect = (chunk: string) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

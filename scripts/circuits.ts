// Builds the circuits and their development keys, and the verifiers in contracts/verifiers.
import { parseArgs } from "node:util";
import { build, type OnProgress, rewrite } from "./circuits/build.ts";
import { CircuitError } from "./circuits/errors.ts";
import { findInstances, type Instance, quickInstances, readInstances } from "./circuits/instances.ts";
import { manifestProblems } from "./circuits/manifest.ts";
import { stopThreads } from "./circuits/threads.ts";
import { verify } from "./circuits/verify.ts";

const USAGE = `Usage: npm run circuits -- [options] [circuit ...]

Builds the circuits of 16 rows and of ranges, or the named ones, into circuits/build, unless they are there.
The keys are for development: their tau is publicly known, so anybody can forge proofs.

  --all      also the circuit of 128 rows, which takes minutes
  --write    records what is built in circuits/keys and contracts/verifiers: after a change of a circuit or a tool.
             Means all circuits unless some are named.
  --verify   lets snarkjs check the keys against circuits and beacons, which takes many minutes
  --check    compares what is committed with the sources, builds nothing
  --help     prints this`;

const STILL_MS = 15_000;

try {
  await run();
} catch (error) {
  const isOurs =
    error instanceof CircuitError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
  console.error(isOurs ? `npm run circuits: ${(error as Error).message}` : error);
  process.exitCode = 1;
} finally {
  await stopThreads();
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      verify: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.check) return check();
  const progress = startProgress();
  try {
    for (const instance of select(positionals, values.all || values.write)) {
      await (values.write ? rewrite : build)(instance, progress.step);
      if (values.verify) await verify(instance, progress.step);
    }
  } finally {
    progress.stop();
  }
}

function select(names: readonly string[], isAll: boolean): Instance[] {
  if (names.length > 0) return findInstances(names);
  return isAll ? readInstances() : quickInstances();
}

function check(): void {
  const problems = manifestProblems();
  if (problems.length > 0) throw new CircuitError(problems.join("\n"));
}

/** Prints each step when it begins, and from time to time that it still goes on. Output stays free for results. */
function startProgress(): { step: OnProgress; stop(): void } {
  const started = performance.now();
  let current = "";
  const print = (): void => {
    const seconds = ((performance.now() - started) / 1_000).toFixed(1).padStart(6);
    console.error(`${seconds} s  ${current}`);
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    step(name) {
      current = name;
      print();
      timer ??= setInterval(print, STILL_MS).unref();
      timer.refresh();
    },
    stop() {
      clearInterval(timer);
      if (current === "") return;
      current = "done";
      print();
    },
  };
}

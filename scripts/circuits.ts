// Builds the circuits and their development keys, and the verifiers in contracts/verifiers.
import { parseArgs } from "node:util";
import { build, rewrite } from "./circuits/build.ts";
import { CircuitError } from "./circuits/errors.ts";
import { findInstances, type Instance, quickInstances, readInstances } from "./circuits/instances.ts";
import { entryProblems, manifestProblems } from "./circuits/manifest.ts";
import { startProgress } from "./circuits/progress.ts";
import { stopThreads } from "./circuits/threads.ts";
import { verify } from "./circuits/verify.ts";

const USAGE = `Usage: npm run circuits -- [options] [circuit ...]

Builds the named circuits into circuits/build (128 rows: circuits/128x16/build) unless they exist. By default: all but the circuit of 128 rows.
The keys are for development: their tau is publicly known, so anybody can forge proofs.

  --all      also builds the circuit of 128 rows (minutes)
  --write    records the result in circuits/keys and contracts/verifiers, after a change of a circuit or a tool;
             all circuits by default
  --verify   also lets snarkjs check the keys against circuits and beacons (many minutes)
  --discard-ceremony
             with --write, replaces keys of a ceremony by development keys; otherwise they stay
  --check    only compares the committed files with the sources, builds nothing; all circuits by default
  --help     prints this`;

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
      "discard-ceremony": { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.check) return check(positionals);
  const progress = startProgress();
  try {
    for (const instance of select(positionals, values.all || values.write)) {
      if (values.write)
        await rewrite(instance, progress.step, { discardCeremony: values["discard-ceremony"] });
      else await build(instance, progress.step);
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

function check(names: readonly string[]): void {
  const problems = names.length > 0 ? findInstances(names).flatMap(entryProblems) : manifestProblems();
  if (problems.length > 0) throw new CircuitError(problems.join("\n"));
}

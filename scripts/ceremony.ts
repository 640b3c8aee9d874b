// Phase 2 of a production set-up, by many people on separate machines, with snarkjs.
import { parseArgs } from "node:util";
import { install, outdatedTexts, withoutCeremony } from "./ceremony/install.ts";
import type { Phase1Source } from "./ceremony/phase1.ts";
import {
  type Added,
  applyBeacon,
  contribute,
  describe,
  finish,
  start,
  type VerifyOptions,
  verifyCeremony,
} from "./ceremony/steps.ts";
import { digestOf, type Transcript } from "./ceremony/transcript.ts";
import { CircuitError } from "./circuits/errors.ts";
import { findInstances, type Instance, readInstances } from "./circuits/instances.ts";
import { startProgress } from "./circuits/progress.ts";
import { stopThreads } from "./circuits/threads.ts";

const USAGE = `Usage: npm run ceremony -- <command>

  start CIRCUIT --ptau FILE|URL --out FILE.zkey
      makes the first key from a published phase 1
  contribute FILE.zkey --name NAME --out FILE.zkey
      adds this machine's randomness; publish the printed hashes and pass the new files on
  beacon FILE.zkey --beacon HEX --iterations N --out FILE.zkey
      adds the last contribution, from a value unknown until now; repeats SHA-256 2^N times
  verify FILE.zkey --ptau FILE|URL [--transcript FILE] [--own HASH] [--earlier FILE]
      checks circuit, phase 1, transcript and all contributions; anybody can run it
  finish FILE.zkey --ptau FILE|URL --out FOLDER
      verifies, then writes artifacts, verification key, verifier, manifest and transcript
  install FOLDER ...
      puts results of finish into this repository, in place of its keys

Each FILE.zkey has its history beside it, in FILE.transcript.json. Every command can be interrupted and repeated.

  --ptau FILE|URL    phase 1; a URL is downloaded into circuits/build, and a broken download continues
  --blake2b HASH     its published hash, unless circuits/phase1.json lists the file
  --transcript FILE  the history. @default the file beside the key
  --own HASH         fails unless the contribution with this hash is in the key
  --earlier FILE     a transcript that you kept: fails unless the key's history continues it

Circuits: ${readInstances()
  .map(({ name }) => name)
  .join(", ")}
A phase 1 needs at least twice as many powers as the circuit has constraints. circuits/phase1.json lists published ones.`;

const COMMANDS: Record<string, (onProgress: (step: string, detail?: string) => void) => Promise<void>> = {
  start: async (onProgress) => {
    const transcript = await start(circuit(), phase1(), option("out"), onProgress);
    console.log(
      `${option("out")} is for the first contributor, with its transcript:\n${digestOf(transcript)}`,
    );
  },
  contribute: async (onProgress) => {
    printAdded(await contribute(argument(0, "FILE.zkey"), option("out"), option("name"), onProgress));
  },
  beacon: async (onProgress) => {
    const beacon = { hash: option("beacon"), iterationsExp: Number(option("iterations")) };
    printAdded(await applyBeacon(argument(0, "FILE.zkey"), option("out"), beacon, onProgress));
  },
  verify: async (onProgress) => {
    const transcript = await verifyCeremony(argument(0, "FILE.zkey"), phase1(), verifyOptions(), onProgress);
    printVerified(transcript);
  },
  finish: async (onProgress) => {
    const [zkey, to] = [argument(0, "FILE.zkey"), option("out")];
    printVerified(await finish(zkey, phase1(), to, verifyOptions(), onProgress));
    console.log(`\n${to} is ready: npm run ceremony -- install ${to}`);
  },
  install: async (onProgress) => {
    argument(0, "FOLDER");
    for (const folder of read().positionals.slice(1)) {
      const { name } = await install(folder, onProgress);
      console.log(`The key of ${name} is from its ceremony.`);
    }
    printNext();
  },
};

const progress = startProgress();
try {
  await run();
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code;
  const isOurs = error instanceof CircuitError || code?.startsWith("ERR_PARSE_ARGS");
  console.error(isOurs ? `npm run ceremony: ${(error as Error).message}` : error);
  process.exitCode = 1;
} finally {
  progress.stop(process.exitCode ? "stopped" : "done");
  await stopThreads();
}

async function run(): Promise<void> {
  const { values, positionals } = read();
  const [command = ""] = positionals;
  if (values.help || command === "") return console.log(USAGE);
  const perform = COMMANDS[command];
  if (!perform) throw new CircuitError(`There is no command ${command}. See --help.`);
  await perform(progress.step);
}

function read() {
  return parseArgs({
    allowPositionals: true,
    options: {
      ptau: { type: "string" },
      blake2b: { type: "string" },
      name: { type: "string" },
      transcript: { type: "string" },
      own: { type: "string" },
      earlier: { type: "string" },
      beacon: { type: "string" },
      iterations: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
}

function option(name: "ptau" | "name" | "beacon" | "iterations" | "out"): string {
  const value = read().values[name];
  if (value) return value;
  throw new CircuitError(`--${name} is missing. See --help.`);
}

/** An argument after the command. */
function argument(index: number, name: string): string {
  const value = read().positionals[index + 1];
  if (value) return value;
  throw new CircuitError(`${name} is missing. See --help.`);
}

function circuit(): Instance {
  const [instance] = findInstances([argument(0, "CIRCUIT")]);
  return instance as Instance;
}

function phase1(): Phase1Source {
  const { blake2b } = read().values;
  return { ptau: option("ptau"), ...(blake2b !== undefined && { blake2b }) };
}

function verifyOptions(): VerifyOptions {
  const { transcript, own, earlier } = read().values;
  return {
    ...(transcript !== undefined && { transcript }),
    ...(own !== undefined && { own }),
    ...(earlier !== undefined && { earlier }),
  };
}

function printAdded({ hash, digest }: Added): void {
  console.log(
    `${option("out")} is for the next person, with its transcript. Publish both hashes of your contribution:`,
  );
  console.log(`contribution ${hash}\ntranscript   ${digest}`);
}

function printVerified(transcript: Transcript): void {
  const { circuit: name, r1cs, phase1: tau, contributions } = transcript;
  console.log(`${name}, from ${tau.file}`);
  contributions.forEach((step, i) => {
    console.log(`${describe(step, i)}${step.beacon ? `, from ${step.beacon.hash}` : ""}`);
    console.log(`    transcript ${digestOf(transcript, i + 1)}`);
  });
  const last = contributions.at(-1)?.beacon;
  console.log(`
Valid. This shows:
- The key is for the circuit of this source (SHA-256 of its r1cs: ${r1cs}) and for this phase 1.
- ${contributions.length} contributions follow one another, in this order.${last ? " The last is the beacon." : " The beacon is still missing."}
Nobody can forge proofs if one contributor to this phase 2, and one to phase 1, forgot the randomness.

This does not show who the contributors are, since anybody can choose any name. Compare the hashes with those that they
published, and the beacon with its source.`);
}

function printNext(): void {
  const left = withoutCeremony();
  console.log(`
Next:
  npm run build                   contracts and SDK with the new keys
  npm run proofs                  the proofs that tests keep, for the new keys
  npm run bench:gas -- --write    the proofs that the gas snapshot keeps
  npm run check
Commit circuits/keys, contracts/verifiers, test/vectors and bench. Publish the zkey files of circuits/build: git ignores them.`);
  if (left.length > 0) console.log(`Development keys are left: ${left.join(", ")}. A deployment needs all.`);
  const texts = left.length > 0 ? [] : outdatedTexts();
  if (texts.length > 0) console.log(`Correct what these say about development keys: ${texts.join(", ")}.`);
}

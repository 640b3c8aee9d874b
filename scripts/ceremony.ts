// Phase 2 of a production set-up, by many people on separate machines, with snarkjs.
import { parseArgs } from "node:util";
import { applyBeacon, contribute, finish, type Phase1, start, verifyCeremony } from "./circuits/ceremony.ts";
import { CircuitError } from "./circuits/errors.ts";
import { findInstances, type Instance, readInstances } from "./circuits/instances.ts";
import { stopThreads } from "./circuits/threads.ts";

const USAGE = `Usage: npm run ceremony -- <command>

  start CIRCUIT --ptau FILE --blake2b HASH --out FILE.zkey
      makes the first key from a published phase 1 and its published hash
  contribute FILE.zkey --name NAME --out FILE.zkey
      adds this machine's randomness; publish the printed hash and pass the new file on
  beacon FILE.zkey --beacon HEX --iterations N --out FILE.zkey
      adds the last contribution, from a value unknown until now; repeats SHA-256 2^N times
  verify CIRCUIT FILE.zkey --ptau FILE --blake2b HASH [--own HASH]
      checks circuit, phase 1 and all contributions, and with --own that yours is among them; anybody can run it
  finish CIRCUIT FILE.zkey --ptau FILE --blake2b HASH --out FOLDER
      verifies, then writes artifacts, verification key, verifier and manifest

Circuits: ${readInstances()
  .map(({ name }) => name)
  .join(", ")}
A published phase 1 needs at least twice as many powers as the circuit has constraints:
https://github.com/iden3/snarkjs#7-prepare-phase-2`;

const COMMANDS: Record<string, () => Promise<void>> = {
  start: async () => {
    await start(circuit(), phase1(), option("out"));
    console.log(`Wrote ${option("out")}, for the first contributor.`);
  },
  contribute: async () => {
    const hash = await contribute(argument(0, "FILE.zkey"), option("out"), option("name"));
    console.log(`Wrote ${option("out")}. Publish the hash of your contribution:\n${hash}`);
  },
  beacon: async () => {
    const beacon = { hash: option("beacon"), iterationsExp: Number(option("iterations")) };
    const hash = await applyBeacon(argument(0, "FILE.zkey"), option("out"), beacon);
    console.log(`Wrote ${option("out")}. The hash of its contribution:\n${hash}`);
  },
  verify: async () => {
    const contributions = await verifyCeremony(
      circuit(),
      argument(1, "FILE.zkey"),
      phase1(),
      read().values.own,
    );
    for (const { description } of contributions) console.log(description);
    console.log(`Valid, with ${contributions.length} contributions.`);
  },
  finish: async () => {
    await finish(circuit(), argument(1, "FILE.zkey"), phase1(), option("out"));
    console.log(`Wrote ${option("out")}.`);
  },
};

try {
  await run();
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code;
  const isOurs = error instanceof CircuitError || code?.startsWith("ERR_PARSE_ARGS");
  console.error(isOurs ? `npm run ceremony: ${(error as Error).message}` : error);
  process.exitCode = 1;
} finally {
  await stopThreads();
}

async function run(): Promise<void> {
  const { values, positionals } = read();
  const [command = ""] = positionals;
  if (values.help || command === "") return console.log(USAGE);
  const perform = COMMANDS[command];
  if (!perform) throw new CircuitError(`There is no command ${command}. See --help.`);
  await perform();
}

function read() {
  return parseArgs({
    allowPositionals: true,
    options: {
      ptau: { type: "string" },
      blake2b: { type: "string" },
      name: { type: "string" },
      own: { type: "string" },
      beacon: { type: "string" },
      iterations: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
}

function option(name: "ptau" | "blake2b" | "name" | "beacon" | "iterations" | "out"): string {
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

function phase1(): Phase1 {
  return { ptau: option("ptau"), blake2b: option("blake2b") };
}

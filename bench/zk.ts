// The cost of proofs: constraints, seconds and memory of a full batch of 128 rows, and the set-up of 16 rows.
//   npm run bench:zk               a table with the limits
//   npm run bench:zk -- --json     one object
//   npm run bench:zk -- --write    updates bench/zk.json
//   npm run bench:zk -- --check    fails if the circuit's size in bench/zk.json is stale or over its limit; measures nothing
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { buildInstance, ensureCircuits } from "../scripts/circuits/build.ts";
import { type BatchInstance, BUILD, batchInstances, findInstances } from "../scripts/circuits/instances.ts";
import { readManifest } from "../scripts/circuits/manifest.ts";
import { stopThreads } from "../scripts/circuits/threads.ts";

const SNAPSHOT = "bench/zk.json";
const [SMALL, LARGE] = batchInstances() as [BatchInstance, BatchInstance];

/** The promises of DESIGN; seconds are on two cores. */
const LIMITS: Record<string, number> = { constraintsPerRow: 1_024, proveSeconds128: 10, setupSeconds16: 180 };

/** All but the first depend on the machine. */
type Figures = {
  constraintsPerRow: number;
  witnessSeconds128: number;
  proveSeconds128: number;
  peakMemoryMB128: number;
  setupSeconds16: number;
};

const option = process.argv[2];
if (![undefined, "--json", "--write", "--check"].includes(option)) {
  fail(`Unknown option ${option}. Options: --json, --write, --check.`);
}
if (option === "--check") check();
else print(await measure());

async function measure(): Promise<Figures> {
  await ensureCircuits([LARGE.circuit], (line) => console.error(line));
  const proof = JSON.parse(execFileSync(process.execPath, ["bench/zk-proof.ts"], { encoding: "utf8" }));
  return { constraintsPerRow: constraintsPerRow(), ...proof, setupSeconds16: await measureSetup() };
}

function constraintsPerRow(): number {
  return Math.ceil((readManifest().instances[LARGE.circuit]?.constraints ?? Number.NaN) / LARGE.rows);
}

/** Builds in a new folder, even if the circuit is already built. */
async function measureSetup(): Promise<number> {
  const folder = mkdtempSync(join(BUILD, "bench-"));
  const started = performance.now();
  for (const instance of findInstances([SMALL.circuit])) await buildInstance(instance, folder, () => {});
  const seconds = (performance.now() - started) / 1_000;
  rmSync(folder, { recursive: true });
  await stopThreads();
  return Number(seconds.toFixed(1));
}

function print(figures: Figures): void {
  if (option === "--json") console.log(JSON.stringify(figures, null, 2));
  else if (option === "--write") writeFileSync(SNAPSHOT, `${JSON.stringify(snapshot(figures), null, 2)}\n`);
  else printTable(figures);
}

function snapshot({ constraintsPerRow, ...measured }: Figures): object {
  const machine = `${availableParallelism()} cores, ${cpus()[0]?.model}, Node ${process.version}`;
  return { constraintsPerRow, dependsOnTheMachine: { machine, ...measured } };
}

function check(): void {
  const figure = constraintsPerRow();
  if (JSON.parse(readFileSync(SNAPSHOT, "utf8")).constraintsPerRow !== figure) {
    fail(`${SNAPSHOT} is stale: npm run bench:zk -- --write`);
  }
  const limit = LIMITS.constraintsPerRow ?? 0;
  if (figure > limit) fail(`A row has ${figure} constraints, more than ${limit}.`);
}

function printTable(figures: Figures): void {
  console.table(
    Object.fromEntries(
      Object.entries(figures).map(([name, figure]) => [name, { figure, limit: LIMITS[name] ?? "" }]),
    ),
  );
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

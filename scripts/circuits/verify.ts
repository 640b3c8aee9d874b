import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { powersOfTau, zKey } from "snarkjs";
import { inBuildFolder } from "./build.ts";
import { CircuitError } from "./errors.ts";
import { builtFiles, type Instance, setupOf } from "./instances.ts";
import { createLog, type Log } from "./log.ts";
import { ensurePhase1, log2Phase1Size } from "./phase1.ts";
import type { OnProgress } from "./progress.ts";
import { readR1cs } from "./r1cs.ts";

// The package types this function wrongly.
const verifyPtau = powersOfTau.verify as unknown as (ptau: object, log: Log) => Promise<boolean>;

/** Lets snarkjs compute the key again from circuit and beacons, in its own way, and compare. */
export async function verify({ name }: Instance, onProgress: OnProgress): Promise<void> {
  if (setupOf(name) === "ceremony")
    throw new CircuitError(`The key of ${name} is from a ceremony: npm run ceremony -- verify --help`);
  const { r1cs, zkey } = builtFiles(name);
  const log2Size = log2Phase1Size(readR1cs(r1cs));
  onProgress(`${name}: phase 1 of size 2^${log2Size}, by snarkjs`);
  const ptau = await ensurePhase1(log2Size);
  onProgress(`${name}: snarkjs powersoftau verify`);
  await verifyPhase1(ptau);
  onProgress(`${name}: snarkjs zkey verify`);
  await inBuildFolder(async (folder) => {
    const initial = join(folder, "initial.zkey");
    await zKey.newZKey(r1cs, ptau, initial);
    await verifyKey(initial, ptau, zkey);
  });
}

/** @throws {CircuitError} if snarkjs rejects a phase-1 file */
export async function verifyPhase1(ptau: string): Promise<void> {
  const log = createLog();
  if (await verifyPtau(inMemory(ptau), log)) return;
  throw new CircuitError(`snarkjs refuses ${ptau}: ${log.errors.join(" ")}`);
}

/**
 * Lets snarkjs check a key and all its contributions against the key before them.
 *
 * @throws {CircuitError} if snarkjs rejects it
 */
export async function verifyKey(
  initial: string,
  ptau: string,
  zkey: string,
  log: Log = createLog(),
): Promise<void> {
  const isValid = await zKey
    .verifyFromInit(inMemory(initial), inMemory(ptau), inMemory(zkey), log)
    .catch((error: Error) => log.error(error.message));
  if (isValid) return;
  throw new CircuitError(`snarkjs refuses ${zkey}: ${log.errors.join(" ") || "a contribution is invalid."}`);
}

// snarkjs never closes the files it verifies. A buffer has at most 2 GiB.
function inMemory(file: string): object {
  if (statSync(file).size < 2 ** 31) return { type: "mem", data: readFileSync(file) };
  return { type: "file", fileName: file };
}

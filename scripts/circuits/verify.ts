import { readFileSync } from "node:fs";
import { powersOfTau, zKey } from "snarkjs";
import type { OnProgress } from "./build.ts";
import { CircuitError } from "./errors.ts";
import { builtFiles, type Instance } from "./instances.ts";
import { createLog, type Log } from "./log.ts";
import { ensurePhase1, log2Phase1Size } from "./phase1.ts";
import { readR1cs } from "./r1cs.ts";

// The package types this function wrongly.
const verifyPtau = powersOfTau.verify as unknown as (ptau: object, log: Log) => Promise<boolean>;

/** Lets snarkjs compute the key again from circuit and beacons, in its own way, and compare. */
export async function verify({ name }: Instance, onProgress: OnProgress): Promise<void> {
  const { r1cs, zkey } = builtFiles(name);
  const log2Size = log2Phase1Size(readR1cs(r1cs));
  onProgress(`${name}: phase 1 of size 2^${log2Size}, by snarkjs`);
  const ptau = await ensurePhase1(log2Size);
  onProgress(`${name}: snarkjs powersoftau verify`);
  await verifyPhase1(ptau);
  onProgress(`${name}: snarkjs zkey verify`);
  await verifyKey(r1cs, ptau, zkey);
}

/** @throws {CircuitError} if snarkjs rejects a phase-1 file */
export async function verifyPhase1(ptau: string): Promise<void> {
  const log = createLog();
  if (await verifyPtau(inMemory(ptau), log)) return;
  throw new CircuitError(`snarkjs refuses ${ptau}: ${log.errors.join(" ")}`);
}

/** One contribution to phase 2. The contributor chooses the name; only the hash identifies a contribution. */
export type Contribution = {
  description: string;
  hash: string;
  beacon?: { hash: string; iterationsExp: number };
};

// snarkjs prints the hash after the name, in four lines. A name may contain line breaks.
const CONTRIBUTION = /^contribution #(\d+) ([\s\S]*):\n((?:\t\t[0-9a-f ]{35}\n?){4})$/;

/**
 * Lets snarkjs check a key against its circuit and phase 1, and all its contributions.
 *
 * @returns the contributions, oldest first
 */
export async function verifyKey(r1cs: string, ptau: string, zkey: string): Promise<Contribution[]> {
  const log = createLog();
  const isValid = await zKey
    .verifyFromR1cs(r1cs, inMemory(ptau), inMemory(zkey), log)
    .catch((error: Error) => log.error(error.message));
  if (isValid) return readContributions(log.infos);
  throw new CircuitError(`snarkjs refuses ${zkey}: ${log.errors.join(" ") || "a contribution is invalid."}`);
}

// snarkjs never closes the files it verifies.
function inMemory(file: string): object {
  return { type: "mem", data: readFileSync(file) };
}

// snarkjs prints the newest contribution first, and its details after its name.
function readContributions(lines: readonly string[]): Contribution[] {
  const contributions: Contribution[] = [];
  lines.forEach((line, i) => {
    const [, number, name, words = ""] = line.match(CONTRIBUTION) ?? [];
    if (number === undefined) return;
    const hash = words.replaceAll(/\s/g, "");
    const beacon = lines[i + 1]?.match(/^Beacon generator: ([0-9a-f]+)$/)?.[1];
    const iterationsExp = Number(lines[i + 2]?.match(/^Beacon iterations Exp: (\d+)$/)?.[1]);
    contributions.unshift({
      description: `contribution #${number} ${JSON.stringify(name)}: ${hash}`,
      hash,
      ...(beacon && { beacon: { hash: beacon, iterationsExp } }),
    });
  });
  return contributions;
}

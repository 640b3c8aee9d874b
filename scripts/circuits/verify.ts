import { readFileSync } from "node:fs";
import { powersOfTau, zKey } from "snarkjs";
import type { OnProgress } from "./build.ts";
import { CircuitError } from "./errors.ts";
import { builtFiles, type Instance } from "./instances.ts";
import { ensurePhase1, log2Phase1Size } from "./phase1.ts";
import { readR1cs } from "./r1cs.ts";

type Logger = Record<"debug" | "info" | "warn" | "error", (line: string) => void>;

// Its type is another function's.
const verifyPtau = powersOfTau.verify as unknown as (ptau: object, logger: Logger) => Promise<boolean>;

/** Lets snarkjs make the key once more, its own way, from circuit and beacons, and compare. */
export async function verify(instance: Instance, onProgress: OnProgress): Promise<void> {
  const { name } = instance;
  const { r1cs, zkey } = builtFiles(name);
  const log2Size = log2Phase1Size(readR1cs(r1cs));
  onProgress(`${name}: phase 1 of size 2^${log2Size}, by snarkjs`);
  const ptau = await ensurePhase1(log2Size);
  onProgress(`${name}: snarkjs powersoftau verify`);
  await verifyPhase1(ptau);
  onProgress(`${name}: snarkjs zkey verify`);
  await expectTrue(zkey, (logger) => zKey.verifyFromR1cs(r1cs, ptau, zkey, logger));
}

/** @throws {CircuitError} unless snarkjs accepts a phase-1 file. */
export function verifyPhase1(ptau: string): Promise<void> {
  // In memory: a file that snarkjs refuses it leaves open.
  const file = { type: "mem", data: readFileSync(ptau) };
  return expectTrue(ptau, (logger) => verifyPtau(file, logger));
}

async function expectTrue(file: string, run: (logger: Logger) => Promise<boolean>): Promise<void> {
  const errors: string[] = [];
  const ignore = (): void => {};
  const logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (line: string) => void errors.push(line),
  };
  if (await run(logger)) return;
  throw new CircuitError(`snarkjs refuses ${file}: ${errors.join(" ")} Delete it and build again.`);
}

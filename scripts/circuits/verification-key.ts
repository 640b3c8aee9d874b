import { CircuitError } from "./errors.ts";

/** A point, projective, as snarkjs writes it: G1 as numbers, G2 as pairs of numbers. */
type Point = readonly (string | readonly string[])[];

/** The output of `snarkjs zkey export verificationkey`. */
export type VerificationKey = {
  protocol: string;
  curve: string;
  nPublic: number;
  vk_alpha_1: Point;
  vk_beta_2: Point;
  vk_gamma_2: Point;
  vk_delta_2: Point;
  IC: readonly Point[];
};

/**
 * Refuses keys that accept forged proofs.
 *
 * - Every key has delta equal to gamma before phase 2. Then (alpha, beta, -IC(signals)) is a valid proof of any
 *   signals.
 * - A public signal without its own point can be replaced by any other value.
 */
export function checkVerificationKey(name: string, key: VerificationKey, publicSignals: number): void {
  if (key.protocol !== "groth16" || key.curve !== "bn128") {
    throw new CircuitError(
      `The key of ${name} is for ${key.protocol} over ${key.curve}, not groth16 over bn128.`,
    );
  }
  if (key.nPublic !== publicSignals || key.IC.length !== publicSignals + 1) {
    throw new CircuitError(`The key of ${name} is for ${key.nPublic} public signals, not ${publicSignals}.`);
  }
  if (isSame(key.vk_delta_2, key.vk_gamma_2)) {
    throw new CircuitError(
      `The key of ${name} accepts forged proofs: its delta equals its gamma. Finish phase 2 with a contribution or a beacon.`,
    );
  }
  const points = [key.vk_alpha_1, key.vk_beta_2, key.vk_gamma_2, key.vk_delta_2, ...key.IC];
  if (points.some(isInfinity)) {
    throw new CircuitError(`The key of ${name} has a point at infinity, so it does not bind all its inputs.`);
  }
}

function isSame(a: Point, b: Point): boolean {
  return a.flat().join() === b.flat().join();
}

function isInfinity(point: Point): boolean {
  return [point[2]].flat().every((coordinate) => BigInt(coordinate ?? 0) === 0n);
}

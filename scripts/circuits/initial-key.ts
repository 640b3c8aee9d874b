import { createHash } from "node:crypto";
import { COORDINATES, lagrangeAt, power, powers, SCALARS, scale } from "./field.ts";
import { type FixedBase, writeScalar } from "./fixed-base.ts";
import type { Tau } from "./public-tau.ts";
import { type R1cs, readR1cs, type Term } from "./r1cs.ts";
import { createSections, uint32 } from "./sections.ts";

const GROTH16 = 1;
const SCALAR_BYTES = 32;
const TERM_BYTES = 12 + SCALAR_BYTES;
// snarkjs converts coefficients to Montgomery form twice.
const MONTGOMERY_SQUARED = power(2n, 512n);

/**
 * Writes the file of `snarkjs zkey new`, byte for byte, from a known tau. A test compares the two.
 *
 * Delta equals gamma in this key, so it accepts forged proofs until phase 2 changes delta.
 */
export async function writeInitialKey(
  r1csFile: string,
  file: string,
  tau: Tau,
  base: FixedBase,
): Promise<void> {
  const r1cs = readR1cs(r1csFile);
  const log2Size = log2DomainSize(r1cs);
  const { a, b, c, terms } = evaluate(r1cs, lagrangeAt(tau.tau, log2Size));
  const combined = a.map(
    (value, i) => (tau.beta * value + tau.alpha * (b[i] ?? 0n) + (c[i] ?? 0n)) % SCALARS,
  );
  const odd = lagrangeAt(tau.tau, log2Size + 1).filter((_, i) => i % 2 === 1);

  const header = await headerPoints(tau, base);
  const ic = await base.multiply("G1", combined.slice(0, r1cs.publicSignals + 1));
  const h = await base.multiply("G1", odd);
  const l = await base.multiply("G1", combined.slice(r1cs.publicSignals + 1));
  const a1 = await base.multiply("G1", a);
  const b1 = await base.multiply("G1", b);
  const b2 = await base.multiply("G2", b);

  // The circuit's hash: each contribution of phase 2 signs it. It covers H as differences of powers of tau.
  const size = 2 ** log2Size;
  const differences = scale(powers(tau.tau, size), (power(tau.tau, BigInt(size)) + SCALARS - 1n) % SCALARS);
  const hash = createHash("blake2b512").update(header.uncompressed);
  hash.update(bigEndian(r1cs.publicSignals + 1)).update(ic.uncompressed);
  hash.update(bigEndian(size - 1));
  hash.update((await base.multiply("G1", differences.slice(0, hashedDifferences(size)))).uncompressed);
  hash.update(bigEndian(r1cs.wires - r1cs.publicSignals - 1)).update(l.uncompressed);
  for (const { uncompressed } of [a1, b1, b2]) hash.update(bigEndian(r1cs.wires)).update(uncompressed);

  const zkey = createSections(file, "zkey", 10);
  zkey.section(1, uint32(GROTH16));
  zkey.section(2, headerNumbers(r1cs, size), header.affine);
  zkey.section(4, uint32(terms.length / TERM_BYTES), terms);
  zkey.section(3, ic.affine);
  zkey.section(9, h.affine);
  zkey.section(8, l.affine);
  zkey.section(5, a1.affine);
  zkey.section(6, b1.affine);
  zkey.section(7, b2.affine);
  zkey.section(10, hash.digest(), uint32(0));
  zkey.close();
}

/** The domain is a power of two above the number of constraints, including those for public signals. */
export function log2DomainSize({ constraints, publicSignals }: R1cs): number {
  return Math.floor(Math.log2(constraints + publicSignals)) + 1;
}

// snarkjs hashes in chunks of 2^14 and does not cut the last one short.
function hashedDifferences(size: number): number {
  return size > 2 ** 14 ? size : size - 1;
}

/** The values of each wire's three polynomials at tau, and the terms of the first two in the prover's format. */
function evaluate(r1cs: R1cs, lagrange: readonly bigint[]) {
  const values = [0, 1, 2].map(() => new Array<bigint>(r1cs.wires).fill(0n)) as [
    bigint[],
    bigint[],
    bigint[],
  ];
  const terms = Buffer.alloc(TERM_BYTES * (r1cs.termsAtMost + r1cs.publicSignals + 1));
  let end = 0;
  const add = ({ sum, constraint, wire, coefficient }: Term): void => {
    const value = coefficient * (lagrange[constraint] ?? 0n);
    values[sum][wire] = ((values[sum][wire] ?? 0n) + value) % SCALARS;
    if (sum < 2) end = writeTerm(terms, end, { sum, constraint, wire, coefficient });
  };
  for (const term of r1cs.terms()) add(term);
  // One more constraint for each public signal makes their polynomials independent.
  for (let wire = 0; wire <= r1cs.publicSignals; wire++) {
    add({ sum: 0, constraint: r1cs.constraints + wire, wire, coefficient: 1n });
  }
  const [a, b, c] = values;
  return { a, b, c, terms: terms.subarray(0, end) };
}

function writeTerm(bytes: Buffer, start: number, { sum, constraint, wire, coefficient }: Term): number {
  bytes.writeUInt32LE(sum, start);
  bytes.writeUInt32LE(constraint, start + 4);
  bytes.writeUInt32LE(wire, start + 8);
  writeScalar(bytes, (coefficient * MONTGOMERY_SQUARED) % SCALARS, start + 12);
  return start + TERM_BYTES;
}

function headerNumbers({ wires, publicSignals }: R1cs, size: number): Buffer {
  const field = (modulus: bigint): Buffer => {
    const bytes = Buffer.alloc(SCALAR_BYTES);
    writeScalar(bytes, modulus, 0);
    return Buffer.concat([uint32(SCALAR_BYTES), bytes]);
  };
  return Buffer.concat([
    field(COORDINATES),
    field(SCALARS),
    uint32(wires),
    uint32(publicSignals),
    uint32(size),
  ]);
}

/** alpha and beta in G1, beta and gamma in G2, delta in both. Gamma and delta are the generators. */
async function headerPoints({ alpha, beta }: Tau, base: FixedBase) {
  const g1 = await base.multiply("G1", [alpha, beta, 1n]);
  const g2 = await base.multiply("G2", [beta, 1n, 1n]);
  const arrange = (one: Uint8Array, two: Uint8Array): Buffer =>
    Buffer.concat([one.subarray(0, 128), two.subarray(0, 256), one.subarray(128), two.subarray(256)]);
  return {
    affine: arrange(g1.affine, g2.affine),
    uncompressed: arrange(g1.uncompressed, g2.uncompressed),
  };
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

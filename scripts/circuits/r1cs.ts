import { CircuitError } from "./errors.ts";
import { SCALARS } from "./field.ts";
import { readSections } from "./sections.ts";

/** One wire with its coefficient, in one of the three sums of a constraint a x b = c. */
export type Term = { constraint: number; sum: 0 | 1 | 2; wire: number; coefficient: bigint };

export type R1cs = {
  wires: number;
  /** Outputs and public inputs, without the constant 1. */
  publicSignals: number;
  constraints: number;
  /** An upper bound, close to the exact number. */
  termsAtMost: number;
  terms(): Generator<Term>;
};

const FIELD_BYTES = 32;

export function readR1cs(file: string): R1cs {
  const sections = readSections(file, "r1cs");
  const [header, body] = [sections.get(1), sections.get(2)];
  if (!header || !body) throw new CircuitError(`${file} has no constraints.`);
  if (header.readUInt32LE(0) !== FIELD_BYTES || readScalar(header, 4) !== SCALARS) {
    throw new CircuitError(`${file} is not over the field of BN254.`);
  }
  const number = (index: number): number => header.readUInt32LE(4 + FIELD_BYTES + 4 * index);
  const constraints = number(6);
  return {
    wires: number(0),
    publicSignals: number(1) + number(2),
    constraints,
    termsAtMost: Math.floor(body.length / (4 + FIELD_BYTES)),
    terms: () => readTerms(body, constraints),
  };
}

function* readTerms(body: Buffer, constraints: number): Generator<Term> {
  let position = 0;
  for (let constraint = 0; constraint < constraints; constraint++) {
    for (const sum of [0, 1, 2] as const) {
      const count = body.readUInt32LE(position);
      position += 4;
      for (let i = 0; i < count; i++, position += 4 + FIELD_BYTES) {
        const coefficient = readScalar(body, position + 4);
        yield { constraint, sum, wire: body.readUInt32LE(position), coefficient };
      }
    }
  }
}

function readScalar(bytes: Buffer, offset: number): bigint {
  const word = (i: number): bigint => bytes.readBigUInt64LE(offset + 8 * i) << BigInt(64 * i);
  return word(0) | word(1) | word(2) | word(3);
}

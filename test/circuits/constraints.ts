import { mod, P } from "./field.ts";

export type Term = readonly [wire: number, coefficient: bigint];
/** a * b = c, each a sum of terms; wire 0 is 1. */
export type Constraint = { a: Term[]; b: Term[]; c: Term[] };

export type ConstraintSystem = {
  constraints: Constraint[];
  wires: number;
  /** Wires, in order: 1, outputs, public inputs, private inputs, the rest. */
  outputs: number;
  publicInputs: number;
  privateInputs: number;
  /** A name for each wire: the outermost if it has several. */
  names: string[];
};

/** Reads circom's .r1cs (https://github.com/iden3/r1csfile) and .sym. */
export function readConstraints(r1cs: Buffer, sym: string): ConstraintSystem {
  const sections = new Map<number, number>();
  for (let at = 12; at < r1cs.length; at += 12 + Number(r1cs.readBigUInt64LE(at + 4))) {
    sections.set(r1cs.readUInt32LE(at), at + 12);
  }
  const header = (sections.get(1) ?? 0) + 36;
  const [wires = 0, outputs = 0, publicInputs = 0, privateInputs = 0] = [0, 4, 8, 12].map((offset) =>
    r1cs.readUInt32LE(header + offset),
  );
  let at = sections.get(2) ?? 0;
  const terms = () => {
    const count = r1cs.readUInt32LE(at);
    const start = at + 4;
    at = start + count * TERM_BYTES;
    return Array.from({ length: count }, (_, index) => readTerm(r1cs, start + index * TERM_BYTES));
  };
  const constraints = Array.from({ length: r1cs.readUInt32LE(header + 24) }, () => {
    return { a: terms(), b: terms(), c: terms() };
  });
  return { constraints, wires, outputs, publicInputs, privateInputs, names: readNames(sym) };
}

const TERM_BYTES = 36;

function readTerm(r1cs: Buffer, at: number): Term {
  const word = (index: bigint) => r1cs.readBigUInt64LE(at + 4 + 8 * Number(index)) << (64n * index);
  return [r1cs.readUInt32LE(at), word(0n) | word(1n) | word(2n) | word(3n)];
}

function readNames(sym: string): string[] {
  const names: string[] = ["1"];
  for (const line of sym.trim().split("\n")) {
    const [, wire, , name = ""] = line.split(",");
    if (Number(wire) > 0) names[Number(wire)] ??= name.replace("main.", "");
  }
  return names;
}

export function sumOf(terms: readonly Term[], witness: readonly (bigint | undefined)[]): bigint {
  let sum = 0n;
  for (const [wire, coefficient] of terms) {
    const value = witness[wire];
    if (value) sum += coefficient * value;
  }
  return sum % P;
}

export function holds({ a, b, c }: Constraint, witness: readonly bigint[]): boolean {
  return mod(sumOf(a, witness) * sumOf(b, witness) - sumOf(c, witness)) === 0n;
}

/** The indexes of the constraints that the witness breaks. */
export function broken({ constraints }: ConstraintSystem, witness: readonly bigint[]): number[] {
  return constraints.flatMap((constraint, index) => (holds(constraint, witness) ? [] : [index]));
}

/** Whether the witness breaks no constraint. Stops at the first broken one. */
export function satisfies({ constraints }: ConstraintSystem, witness: readonly bigint[]): boolean {
  return constraints.every((constraint) => holds(constraint, witness));
}

/** The names of the signals in a constraint. */
export function signalsOf({ constraints, names }: ConstraintSystem, index: number): string[] {
  return [...wiresOf(constraints[index])].map((wire) => names[wire] ?? `wire ${wire}`);
}

export function wiresOf(constraint: Constraint | undefined): Set<number> {
  const wires = new Set(
    constraint && [...constraint.a, ...constraint.b, ...constraint.c].map(([wire]) => wire),
  );
  wires.delete(0);
  return wires;
}

export function wireOf({ names }: ConstraintSystem, name: string): number {
  const wire = names.indexOf(name);
  if (wire < 0) throw new Error(`The circuit has no wire of the name ${name}.`);
  return wire;
}

/** The inputs' part of a witness. */
export function inputWires(system: ConstraintSystem, witness: readonly bigint[]): Map<number, bigint> {
  const first = system.outputs + 1;
  const count = system.publicInputs + system.privateInputs;
  return new Map(witness.slice(first, first + count).map((value, index) => [first + index, value]));
}

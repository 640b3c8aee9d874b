import type { Constraint, ConstraintSystem, Term } from "./constraints.ts";
import { wiresOf } from "./constraints.ts";
import { inverse, mod, P } from "./field.ts";

/** constant + sum of coefficient * wire, over wires that are not known. */
type Sum = { constant: bigint; unknown: Map<number, bigint> };

/**
 * Computes the witness from constraints and the known wires alone, by steps that leave no choice: linear elimination,
 * and sums of bits with different powers of 2. So a wire that it finds has this value in every witness with the same
 * known wires; the others come back as undefined. Constraints at indexes in `without` are ignored.
 */
export function solve(
  { constraints, wires }: ConstraintSystem,
  known: ReadonlyMap<number, bigint>,
  without: ReadonlySet<number> = new Set(),
): (bigint | undefined)[] {
  const used = constraints.filter((_, index) => !without.has(index));
  const bits = new Set(used.flatMap((constraint) => bitOf(constraint) ?? []));
  const values: (bigint | undefined)[] = new Array(wires).fill(undefined);
  const pivots = new Map<number, Sum>();
  values[0] = 1n;
  for (const [wire, value] of known) values[wire] = value;

  // What is left of a sum once known wires have their values, and pivots are replaced by what they equal.
  const rest = (terms: Iterable<Term>, constant = 0n): Sum => {
    const sum: Sum = { constant, unknown: new Map() };
    for (const [wire, coefficient] of terms) {
      const value = values[wire] ?? resolve(wire);
      if (value === undefined) add(sum, { constant: 0n, unknown: new Map([[wire, 1n]]) }, coefficient);
      else if (typeof value === "bigint") sum.constant += coefficient * value;
      else add(sum, value, coefficient);
    }
    sum.constant = mod(sum.constant);
    return sum;
  };
  const resolve = (wire: number): bigint | Sum | undefined => {
    const pivot = pivots.get(wire);
    if (!pivot) return;
    const isStale = [...pivot.unknown.keys()].some(
      (other) => values[other] !== undefined || pivots.has(other),
    );
    const sum = isStale ? rest(pivot.unknown, pivot.constant) : pivot;
    if (sum.unknown.size > 0) {
      pivots.set(wire, sum);
      return sum;
    }
    pivots.delete(wire);
    values[wire] = sum.constant;
    return sum.constant;
  };

  // True once nothing more can follow from this constraint.
  const learn = ({ a, b, c }: Constraint): boolean => {
    const [left, right] = [rest(a), rest(b)];
    if (left.unknown.size > 0 && right.unknown.size > 0) {
      const found = c.length === 0 && solveBits(bitSum(left, right), bits);
      for (const [wire, value] of found || []) values[wire] = value;
      return Boolean(found);
    }
    const equation = left.unknown.size === 0 ? scaled(right, left.constant) : scaled(left, right.constant);
    add(equation, rest(c), P - 1n);
    equation.constant = mod(equation.constant);
    const found = solveBits(equation, bits);
    for (const [wire, value] of found ?? []) values[wire] = value;
    if (found || equation.unknown.size === 0) return true;
    const wire = [...equation.unknown.keys()].find((each) => !bits.has(each));
    if (wire === undefined) return false;
    const factor = mod(-inverse(equation.unknown.get(wire) ?? 0n));
    equation.unknown.delete(wire);
    pivots.set(wire, scaled(equation, factor));
    return true;
  };

  for (let [open, count] = [used, 0]; open.length !== count; ) {
    count = open.length;
    open = open.filter((constraint) => !learn(constraint));
  }
  for (const wire of [...pivots.keys()]) resolve(wire);
  return values;
}

function add(sum: Sum, other: Sum, factor: bigint) {
  sum.constant += other.constant * factor;
  for (const [wire, coefficient] of other.unknown) {
    const total = ((sum.unknown.get(wire) ?? 0n) + coefficient * factor) % P;
    if (total === 0n) sum.unknown.delete(wire);
    else sum.unknown.set(wire, total);
  }
}

function scaled(sum: Sum, factor: bigint): Sum {
  const product: Sum = { constant: 0n, unknown: new Map() };
  if (factor !== 0n) add(product, sum, factor);
  return { ...product, constant: mod(product.constant) };
}

/** The wire of x * (x - 1) = 0, in whatever way it is written. */
function bitOf(constraint: Constraint): number | undefined {
  const [wire, ...others] = wiresOf(constraint);
  if (wire === undefined || others.length > 0) return;
  const [a, b, c] = [constraint.a, constraint.b, constraint.c].map((terms) => {
    const at = (which: number) =>
      terms.reduce((sum, [each, coefficient]) => (each === which ? sum + coefficient : sum), 0n);
    return { constant: at(0), factor: at(wire) };
  });
  if (!a || !b || !c) return;
  const isRoot = (x: bigint) =>
    mod((a.constant + a.factor * x) * (b.constant + b.factor * x) - c.constant - c.factor * x) === 0n;
  return mod(a.factor * b.factor) !== 0n && isRoot(0n) && isRoot(1n) ? wire : undefined;
}

const FURTHER_BIT = -1;

/** For a * b = 0 where a is, up to a factor, b - 1: b - further bit, which is 0. */
function bitSum(a: Sum, b: Sum): Sum | undefined {
  const [first] = a.unknown;
  const ratio = mod((first?.[1] ?? 0n) * inverse(b.unknown.get(first?.[0] ?? 0) ?? 1n));
  const gap = scaled(a, 1n);
  add(gap, b, P - ratio);
  const distance = mod(gap.constant);
  if (gap.unknown.size > 0 || distance === 0n) return;
  const sum = scaled(b, mod(-ratio * inverse(distance)));
  sum.unknown.set(FURTHER_BIT, P - 1n);
  return sum;
}

const EXPONENTS = new Map<bigint, number>();
for (let exponent = -252, power = inverse(2n ** 252n); exponent <= 252; exponent++, power = mod(2n * power)) {
  EXPONENTS.set(power, exponent);
}

/**
 * The one solution of sum = 0, if there is one wire; or if all are bits and their coefficients, up to a factor,
 * different powers of 2 that span less than the field.
 */
function solveBits(sum: Sum | undefined, bits: ReadonlySet<number>): [number, bigint][] | undefined {
  const terms = [...(sum?.unknown ?? [])];
  const [first] = terms;
  if (!sum || !first) return;
  const factor = inverse(first[1]);
  if (terms.length === 1 && first[0] !== FURTHER_BIT) return [[first[0], mod(-sum.constant * factor)]];
  if (!terms.every(([wire]) => wire === FURTHER_BIT || bits.has(wire))) return;

  const exponents = terms.map(([, coefficient]) => EXPONENTS.get(mod(coefficient * factor)) ?? Number.NaN);
  const [lowest, highest] = [Math.min(...exponents), Math.max(...exponents)];
  if (!(highest - lowest <= 252) || new Set(exponents).size < exponents.length) return;
  const shift = mod(2n ** BigInt(252 - lowest) * inverse(2n ** 252n));
  const total = mod(-sum.constant * factor * shift);
  const places = exponents.map((exponent) => BigInt(exponent - lowest));
  const digits = places.map((place) => (total >> place) & 1n);
  const isWhole =
    total === digits.reduce((each, digit, index) => each + (digit << (places[index] ?? 0n)), 0n);
  if (!isWhole) throw new Error("There is no witness: a number does not fit its bits.");
  return terms
    .map(([wire], index): [number, bigint] => [wire, digits[index] ?? 0n])
    .filter(([wire]) => wire !== FURTHER_BIT);
}

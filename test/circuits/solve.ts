import { type Constraint, type ConstraintSystem, sumOf, type Term, wiresOf } from "./constraints.ts";
import { inverse, mod, P } from "./field.ts";
import { add, bitSum, type Sum, scaled, solveBits } from "./sums.ts";

type State = {
  values: (bigint | undefined)[];
  /** Wires expressed as a sum of others, by elimination. */
  pivots: Map<number, Sum>;
  bits: ReadonlySet<number>;
};

/**
 * Computes the witness from constraints and known wires by steps without a choice: linear elimination, and sums of bits
 * with different powers of 2. A found wire has the same value in every witness with these known wires. Others are
 * undefined. Ignores constraints at the indexes in `without`.
 */
export function solve(
  { constraints, wires }: ConstraintSystem,
  known: ReadonlyMap<number, bigint>,
  without: ReadonlySet<number> = new Set(),
): (bigint | undefined)[] {
  let open = constraints.filter((_, index) => !without.has(index));
  const state: State = {
    values: Array.from({ length: wires }, (_, wire) => (wire === 0 ? 1n : known.get(wire))),
    pivots: new Map(),
    bits: bitsOf(open),
  };
  for (let before = -1; open.length !== before; ) {
    before = open.length;
    open = open.filter((constraint) => !learn(state, constraint));
  }
  for (const wire of [...state.pivots.keys()]) resolve(state, wire);
  return state.values;
}

/** True if nothing more can follow from this constraint. */
function learn(state: State, { a, b, c }: Constraint): boolean {
  const [left, right] = [rest(state, a), rest(state, b)];
  if (left.unknown.size > 0 && right.unknown.size > 0) {
    return c.length === 0 && assign(state, solveBits(bitSum(left, right), state.bits));
  }
  const equation = left.unknown.size === 0 ? scaled(right, left.constant) : scaled(left, right.constant);
  add(equation, rest(state, c), P - 1n);
  return (
    equation.unknown.size === 0 || assign(state, solveBits(equation, state.bits)) || pivot(state, equation)
  );
}

function assign({ values }: State, found: [number, bigint][] | undefined): boolean {
  for (const [wire, value] of found ?? []) values[wire] = value;
  return found !== undefined;
}

/** From equation = 0, expresses one wire, not a bit, by the others. */
function pivot({ pivots, bits }: State, equation: Sum): boolean {
  const wire = [...equation.unknown.keys()].find((each) => !bits.has(each));
  if (wire === undefined) return false;
  const factor = mod(-inverse(equation.unknown.get(wire) ?? 0n));
  equation.unknown.delete(wire);
  pivots.set(wire, scaled(equation, factor));
  return true;
}

/** A sum after substitution of known wires and pivots. */
function rest(state: State, terms: Iterable<Term>, constant = 0n): Sum {
  const sum: Sum = { constant, unknown: new Map() };
  for (const [wire, coefficient] of terms) {
    const value = state.values[wire];
    if (value === undefined) add(sum, resolve(state, wire), coefficient);
    else sum.constant += coefficient * value;
  }
  sum.constant = mod(sum.constant);
  return sum;
}

function resolve(state: State, wire: number): Sum {
  const { values, pivots } = state;
  const pivot = pivots.get(wire);
  if (!pivot) return { constant: 0n, unknown: new Map([[wire, 1n]]) };
  const isStale = [...pivot.unknown.keys()].some((other) => values[other] !== undefined || pivots.has(other));
  if (!isStale) return pivot;

  const sum = rest(state, pivot.unknown, pivot.constant);
  pivots.set(wire, sum);
  if (sum.unknown.size === 0) values[wire] = sum.constant;
  return sum;
}

/** The wires that are 0 or 1 in every witness: by x * (x - 1) = 0, or by x * (x - y) = 0 for another such wire y. */
function bitsOf(constraints: readonly Constraint[]): ReadonlySet<number> {
  const bits = new Set(constraints.flatMap((constraint) => bitOf(constraint) ?? []));
  const pairs = constraints.filter((constraint) => wiresOf(constraint).size === 2);
  for (let before = -1; bits.size !== before; ) {
    before = bits.size;
    for (const constraint of pairs) {
      for (const wire of wiresOf(constraint)) if (isBitBelow(constraint, wire, bits)) bits.add(wire);
    }
  }
  return bits;
}

/** Whether the constraint is equivalent to x * (x - y) = 0 with a bit y. */
function isBitBelow(constraint: Constraint, x: number, bits: ReadonlySet<number>): boolean {
  const [y] = [...wiresOf(constraint)].filter((wire) => wire !== x);
  if (y === undefined || !bits.has(y)) return false;
  const at = (valueOfX: bigint, valueOfY: bigint) => {
    const witness = [1n];
    witness[x] = valueOfX;
    witness[y] = valueOfY;
    const { a, b, c } = constraint;
    return mod(sumOf(a, witness) * sumOf(b, witness) - sumOf(c, witness));
  };
  const square = at(1n, 0n);
  const isSquare = at(0n, 0n) === 0n && square !== 0n && at(2n, 0n) === mod(4n * square);
  return isSquare && at(0n, 1n) === 0n && at(1n, 1n) === 0n && at(2n, 1n) !== 0n;
}

/** The wire x of a constraint equivalent to x * (x - 1) = 0. */
function bitOf({ a, b, c }: Constraint): number | undefined {
  const [wire, ...others] = wiresOf({ a, b, c });
  if (wire === undefined || others.length > 0) return;
  const at = (terms: Term[], value: bigint) => {
    const witness = [1n];
    witness[wire] = value;
    return sumOf(terms, witness);
  };
  const isRoot = (value: bigint) => mod(at(a, value) * at(b, value) - at(c, value)) === 0n;
  return isRoot(0n) && isRoot(1n) && !isRoot(2n) ? wire : undefined;
}

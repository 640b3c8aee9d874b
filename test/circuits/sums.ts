import { inverse, mod, P } from "./field.ts";

/** constant + sum of coefficient * wire, over unknown wires. */
export type Sum = { constant: bigint; unknown: Map<number, bigint> };

export function add(sum: Sum, other: Sum, factor: bigint) {
  sum.constant += other.constant * factor;
  for (const [wire, coefficient] of other.unknown) {
    const total = ((sum.unknown.get(wire) ?? 0n) + coefficient * factor) % P;
    if (total === 0n) sum.unknown.delete(wire);
    else sum.unknown.set(wire, total);
  }
}

export function scaled(sum: Sum, factor: bigint): Sum {
  const product: Sum = { constant: 0n, unknown: new Map() };
  if (factor !== 0n) add(product, sum, factor);
  return { ...product, constant: mod(product.constant) };
}

const FURTHER_BIT = -1;

/** For a * b = 0, a sum that is 0: b, where a is a multiple of b; b minus a new bit, where a is a multiple of b - 1. */
export function bitSum(a: Sum, b: Sum): Sum | undefined {
  const [first] = a.unknown;
  const ratio = mod((first?.[1] ?? 0n) * inverse(b.unknown.get(first?.[0] ?? 0) ?? 1n));
  const gap = scaled(a, 1n);
  add(gap, b, P - ratio);
  const distance = mod(gap.constant);
  if (gap.unknown.size > 0) return;
  if (distance === 0n) return b;
  const sum = scaled(b, mod(-ratio * inverse(distance)));
  sum.unknown.set(FURTHER_BIT, P - 1n);
  return sum;
}

const EXPONENTS = new Map<bigint, number>();
for (let exponent = -252, power = inverse(2n ** 252n); exponent <= 252; exponent++, power = mod(2n * power)) {
  EXPONENTS.set(power, exponent);
}

/**
 * The only solution of sum = 0. It exists for a single wire, and for bits with different powers of 2 as coefficients, up
 * to a common factor, within the size of the field.
 */
export function solveBits(sum: Sum | undefined, bits: ReadonlySet<number>): [number, bigint][] | undefined {
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

/** The scalar field of BN254: the values of signals. */
export const SCALARS = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** The base field of BN254: the coordinates of points. */
export const COORDINATES = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

// The smallest non-residue. snarkjs derives its roots of unity from it too.
const NON_RESIDUE = 5n;

export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let rest = exponent, square = base; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % SCALARS;
    square = (square * square) % SCALARS;
  }
  return result;
}

/** The values at tau of the 2^log2Size Lagrange polynomials over the roots of unity: w^i (tau^n - 1) / (n (tau - w^i)). */
export function lagrangeAt(tau: bigint, log2Size: number): bigint[] {
  const roots = rootsOfUnity(log2Size);
  const inverses = invertAll(roots.map((w) => (tau - w + SCALARS) % SCALARS));
  const size = BigInt(roots.length);
  const common = ((power(tau, size) + SCALARS - 1n) * invert(size)) % SCALARS;
  return roots.map((w, i) => (((w * common) % SCALARS) * (inverses[i] ?? 0n)) % SCALARS);
}

export function rootsOfUnity(log2Size: number): bigint[] {
  return powers(power(NON_RESIDUE, (SCALARS - 1n) >> BigInt(log2Size)), 2 ** log2Size);
}

/** first, first base, first base^2, ... */
export function powers(base: bigint, count: number, first = 1n): bigint[] {
  const result = new Array<bigint>(count);
  for (let i = 0, value = first; i < count; i++, value = (value * base) % SCALARS) result[i] = value;
  return result;
}

export function scale(values: readonly bigint[], factor: bigint): bigint[] {
  return values.map((value) => (value * factor) % SCALARS);
}

export function invert(value: bigint): bigint {
  return power(value, SCALARS - 2n);
}

// Montgomery's trick: a single inversion.
function invertAll(values: readonly bigint[]): bigint[] {
  const products = new Array<bigint>(values.length);
  let product = 1n;
  values.forEach((value, i) => {
    products[i] = product;
    product = (product * value) % SCALARS;
  });
  let inverse = invert(product);
  for (let i = values.length - 1; i >= 0; i--) {
    products[i] = ((products[i] ?? 0n) * inverse) % SCALARS;
    inverse = (inverse * (values[i] ?? 0n)) % SCALARS;
  }
  return products;
}

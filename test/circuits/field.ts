/** The scalar field of BN254. */
export const P = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

export function mod(value: bigint): bigint {
  const remainder = value % P;
  return remainder < 0n ? remainder + P : remainder;
}

export function inverse(value: bigint): bigint {
  let [a, b, u, v] = [mod(value), P, 1n, 0n];
  if (a === 0n) throw new Error("0 has no inverse.");
  while (a !== 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [u, v] = [v - quotient * u, u];
  }
  return mod(u);
}

/** Values to find off-by-one errors in checks of 32 or 64 bits and in reductions. */
export const BOUNDARIES = {
  "0": 0n,
  "2^32 - 1": 2n ** 32n - 1n,
  "2^32": 2n ** 32n,
  "2^64 - 1": 2n ** 64n - 1n,
  "2^64": 2n ** 64n,
  "p - 1": P - 1n,
  p: P,
  "p + 1": P + 1n,
} as const;

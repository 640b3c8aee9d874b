// Imports nothing: scripts use it before the SDK's code is generated.

/**
 * Coordinates in every development key: alpha follows from the publicly known tau, delta from the public beacon.
 * Each of the two alone lets anybody forge proofs.
 */
export const DEVELOPMENT_POINTS: readonly bigint[] = [
  0x1969dd7ced9ffce7592916259442957b63b60f8e34ded104fd9b8736dcab6583n,
  0x1d2d7db7dd1f98791398627804381057b69a0a897c1fbfee7835ddd87bb5407dn,
];

/** Whether the bytecode of a verifier has a development key. */
export function hasDevelopmentKey(bytecode: string): boolean {
  return DEVELOPMENT_POINTS.some((point) => bytecode.includes(point.toString(16)));
}

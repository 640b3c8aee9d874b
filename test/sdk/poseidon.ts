// Poseidon of the circuits' own library.
// @ts-expect-error: circomlibjs has no types
import { buildPoseidon } from "circomlibjs";

type BuiltPoseidon = ((inputs: readonly bigint[]) => Uint8Array) & {
  F: { toObject(value: Uint8Array): bigint };
};
const built: BuiltPoseidon = await buildPoseidon();

export function poseidon(inputs: readonly bigint[]): bigint {
  return built.F.toObject(built(inputs));
}

export const P = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

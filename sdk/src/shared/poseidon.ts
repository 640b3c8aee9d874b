import { poseidon2 } from "poseidon-lite/poseidon2";

export type Poseidon2 = (inputs: [packed: bigint, salt: bigint]) => bigint;

/** Poseidon for many openings: the fastest of this platform. */
export const manyPoseidon2: Poseidon2 = poseidon2;

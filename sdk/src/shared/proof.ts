type Pair = readonly [bigint, bigint];

/** A Groth16 proof in the format of on-chain verifiers. */
export type Proof = { readonly a: Pair; readonly b: readonly [Pair, Pair]; readonly c: Pair };

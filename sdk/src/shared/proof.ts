type Pair = readonly [bigint, bigint];

/** A Groth16 proof as verifiers on chain take it. */
export type Proof = { readonly a: Pair; readonly b: readonly [Pair, Pair]; readonly c: Pair };

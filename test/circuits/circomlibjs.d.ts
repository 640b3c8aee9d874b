declare module "circomlibjs" {
  type Element = Uint8Array;
  type Poseidon = {
    (inputs: readonly bigint[]): Element;
    F: { toObject(element: Element): bigint };
  };
  /** Straight from the paper's rounds: none of the optimized constants that circomlib's circuit uses. */
  export function buildPoseidonReference(): Promise<Poseidon>;
}

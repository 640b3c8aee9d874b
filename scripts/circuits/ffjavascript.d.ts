// The part of ffjavascript that the set-up uses; the package has no types.
declare module "ffjavascript" {
  /** Elements of the field in Montgomery form. */
  type Field = {
    toObject(element: Uint8Array): bigint;
    fromRng(rng: ChaCha): Uint8Array;
  };

  /** Points in affine form, coordinates in Montgomery form, little-endian ("LEM"). */
  type Group = {
    g: Uint8Array;
    F: { n8: number };
    add(a: Uint8Array, b: Uint8Array): Uint8Array;
    neg(point: Uint8Array): Uint8Array;
    timesScalar(point: Uint8Array, scalar: bigint): Uint8Array;
    /** To coordinates, projective, and from them. */
    toObject(point: Uint8Array): bigint[];
    fromObject(coordinates: readonly bigint[]): Uint8Array;
  };

  type Curve = {
    Fr: Field;
    G1: Group;
    G2: Group;
    tm: { memory: WebAssembly.Memory; instance: WebAssembly.Instance };
    terminate(): Promise<void>;
  };

  class ChaCha {
    constructor(seed: number[]);
  }

  function buildBn128(singleThread?: boolean): Promise<Curve>;
}

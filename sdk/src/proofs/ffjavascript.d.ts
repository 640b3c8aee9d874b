// The part of ffjavascript, snarkjs' arithmetic, in use here. The package has no types.
declare module "ffjavascript" {
  /** Elements in Montgomery form, 32 bytes each, little-endian. */
  type Field = {
    /** Roots of unity by the binary logarithm of their order. */
    w: readonly Uint8Array[];
    e(value: number): Uint8Array;
    mul(a: Uint8Array, b: Uint8Array): Uint8Array;
    neg(element: Uint8Array): Uint8Array;
    random(): Uint8Array;
    fromRng(rng: ChaCha): Uint8Array;
    toObject(element: Uint8Array): bigint;
    fft(elements: Uint8Array): Promise<Uint8Array>;
    ifft(elements: Uint8Array): Promise<Uint8Array>;
    /** Multiplies element i by first * factor^i. */
    batchApplyKey(elements: Uint8Array, first: Uint8Array, factor: Uint8Array): Promise<Uint8Array>;
  };

  /** Points in affine or projective form, coordinates in Montgomery form, little-endian. */
  type Group = {
    g: Uint8Array;
    F: { n8: number };
    add(a: Uint8Array, b: Uint8Array): Uint8Array;
    neg(point: Uint8Array): Uint8Array;
    timesFr(point: Uint8Array, scalar: Uint8Array): Uint8Array;
    timesScalar(point: Uint8Array, scalar: bigint): Uint8Array;
    /** The sum of points, affine, times scalars, 32 bytes each, little-endian, not in Montgomery form. */
    multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
    toAffine(point: Uint8Array): Uint8Array;
    /** Converts to and from projective coordinates. */
    toObject(point: Uint8Array): bigint[];
    fromObject(coordinates: readonly bigint[]): Uint8Array;
  };

  type Command =
    | { cmd: "ALLOCSET"; var: number; buff: Uint8Array }
    | { cmd: "ALLOC"; var: number; len: number }
    | { cmd: "CALL"; fnName: string; params: readonly ({ var: number } | { val: number })[] }
    | { cmd: "GET"; out: number; var: number; len: number };

  type Curve = {
    Fr: Field;
    G1: Group;
    G2: Group;
    tm: {
      memory: WebAssembly.Memory;
      instance: WebAssembly.Instance;
      /** Runs commands in a thread and returns their output. */
      queueAction(commands: readonly Command[]): Promise<Uint8Array[]>;
    };
    terminate(): Promise<void>;
  };

  class ChaCha {
    constructor(seed: number[]);
  }

  function buildBn128(singleThread?: boolean): Promise<Curve>;
}

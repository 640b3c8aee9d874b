// The messages between a caller and the thread that proves.
import type { ProveGroth16ReturnType } from "./groth16.ts";

/** A file for the thread that proves: nothing is loaded yet, and nothing is used before its hash is checked. */
export type Artifact = {
  readonly file: string;
  /** Where it is, or its bytes. */
  readonly source: string | Uint8Array;
  readonly sha256: string;
};

export type Job = {
  readonly wasm: Artifact;
  readonly zkey: Artifact;
  readonly input: Readonly<Record<string, bigint | readonly bigint[]>>;
};
export type Stage = "load" | "witness" | "proof";
export type Message =
  | { readonly kind: "progress"; readonly stage: Stage; readonly fraction: number }
  | ({ readonly kind: "proven" } & ProveGroth16ReturnType)
  | { readonly kind: "failed"; readonly failure: Failure };
/** An error, as far as it passes from thread to thread. */
export type Failure =
  | { readonly name: "ArtifactNotFoundError"; readonly args: readonly [string, string] }
  | { readonly name: "ArtifactHashMismatchError"; readonly args: readonly [string, string, string] }
  | { readonly name: "Error"; readonly args: readonly [string] };

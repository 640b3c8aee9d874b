// The messages between a caller and the proving thread.
import type { Proof } from "../shared/proof.ts";

export type ProveGroth16ReturnType = { readonly proof: Proof; readonly publicSignals: readonly bigint[] };

/** A file for the proving thread. It is loaded there, and used only after a check of its hash. */
export type Artifact = {
  readonly file: string;
  /** Its address, or its bytes. */
  readonly source: string | Uint8Array;
  readonly sha256: string;
  /** The package with the file in `build`. */
  readonly package: string;
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
/** An error in a form for passing between threads. */
export type Failure =
  | { readonly name: "ArtifactNotFoundError"; readonly args: readonly [string, string, string] }
  | { readonly name: "ArtifactHashMismatchError"; readonly args: readonly [string, string, string] }
  | { readonly name: "Error"; readonly args: readonly [string] };

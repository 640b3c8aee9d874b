// What the thread that proves does, whatever kind of thread it is. Only here snarkjs is loaded.
import { ArtifactHashMismatchError, ArtifactNotFoundError } from "../errors.ts";
import type { Artifact } from "./artifacts.ts";

export type Job = {
  readonly wasm: Artifact;
  readonly zkey: Artifact;
  readonly input: Readonly<Record<string, bigint | readonly bigint[]>>;
};
export type Stage = "load" | "witness" | "proof";
export type Message =
  | { readonly kind: "progress"; readonly stage: Stage; readonly fraction: number }
  | { readonly kind: "proven"; readonly proof: SnarkjsProof; readonly publicSignals: readonly string[] }
  | { readonly kind: "failed"; readonly failure: Failure };
/** An error, as far as it passes from thread to thread. */
export type Failure =
  | { readonly name: "ArtifactNotFoundError"; readonly args: readonly [string, string] }
  | { readonly name: "ArtifactHashMismatchError"; readonly args: readonly [string, string, string] }
  | { readonly name: "Error"; readonly args: readonly [string] };
export type SnarkjsProof = {
  readonly pi_a: readonly string[];
  readonly pi_b: readonly (readonly string[])[];
  readonly pi_c: readonly string[];
};
/** The bytes at an address, or undefined if there is nothing. */
export type Load = (url: string) => Promise<Uint8Array | undefined>;

export async function serve(job: Job, load: Load, send: (message: Message) => void): Promise<void> {
  try {
    send({ kind: "proven", ...(await prove(job, load, send)) });
  } catch (error) {
    send({ kind: "failed", failure: failureOf(error) });
  }
}

async function prove({ wasm, zkey, input }: Job, load: Load, send: (message: Message) => void) {
  const report = (stage: Stage, fraction: number) => send({ kind: "progress", stage, fraction });
  report("load", 0);
  const [{ groth16, wtns }, generator, key] = await Promise.all([
    loadSnarkjs(),
    bytesOf(wasm, load),
    bytesOf(zkey, load),
  ]);
  report("witness", 0.03);
  const witness = { type: "mem" };
  await wtns.calculate(input as Parameters<typeof wtns.calculate>[0], generator, witness);
  report("proof", 0.06);
  return await groth16.prove(key, witness as unknown as Uint8Array, loggerOf(report));
}

async function loadSnarkjs() {
  try {
    return await import("snarkjs");
  } catch (cause) {
    throw new Error(`Proofs need snarkjs, \`npm install snarkjs\`, and it does not load: ${cause}`);
  }
}

async function bytesOf({ file, source, sha256 }: Artifact, load: Load): Promise<Uint8Array> {
  const bytes = typeof source === "string" ? await load(source) : source;
  if (!bytes) throw new ArtifactNotFoundError(file, String(source));
  const actual = hexOf(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  if (actual !== sha256) throw new ArtifactHashMismatchError(file, sha256, actual);
  return bytes;
}

function hexOf(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How far a proof of 128 rows is when snarkjs says that it begins these. */
const MILESTONES = [
  ["IFFT_A", 0.1],
  ["IFFT_B", 0.15],
  ["IFFT_C", 0.18],
  ["Join ABC", 0.21],
  ["Reading B1", 0.33],
  ["Reading B2", 0.41],
  ["Reading C", 0.66],
  ["Reading H", 0.77],
] as const;

function loggerOf(report: (stage: Stage, fraction: number) => void) {
  const left = [...MILESTONES];
  const debug = (line: string) => {
    if (left[0] && line.startsWith(left[0][0])) report("proof", left.shift()?.[1] ?? 1);
  };
  return { debug, info() {}, warn() {}, error() {} };
}

function failureOf(error: unknown): Failure {
  if (error instanceof ArtifactNotFoundError)
    return { name: error.name, args: [error.artifact, error.location] };
  if (error instanceof ArtifactHashMismatchError)
    return { name: error.name, args: [error.artifact, error.expected, error.actual] };
  return { name: "Error", args: [error instanceof Error ? error.message : String(error)] };
}

/** For addresses of the web. */
export async function fetchBytes(url: string): Promise<Uint8Array | undefined> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

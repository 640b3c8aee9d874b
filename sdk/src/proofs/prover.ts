// The work of the proving thread, in Node and browsers. Only this file loads snarkjs and its arithmetic.
import { ArtifactHashMismatchError, ArtifactNotFoundError } from "../errors.ts";
import { proveGroth16 } from "./groth16.ts";
import type { Artifact, Failure, Job, Message, Stage } from "./messages.ts";

/** The bytes at an address, or undefined. */
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
  const [{ wtns, buildBn128 }, generator, key] = await Promise.all([
    loadSnarkjs(),
    bytesOf(wasm, load),
    bytesOf(zkey, load),
  ]);
  report("witness", 0.03);
  const witness = { type: "mem", data: new Uint8Array() } as const;
  await wtns.calculate(input as Parameters<typeof wtns.calculate>[0], generator, witness);
  report("proof", 0.06);
  const onProgress = (fraction: number) => report("proof", 0.06 + 0.94 * fraction);
  return await proveGroth16(await buildBn128(), { key, witness: witness.data, onProgress });
}

async function loadSnarkjs() {
  try {
    const [{ wtns }, { buildBn128 }] = await Promise.all([import("snarkjs"), import("ffjavascript")]);
    return { wtns, buildBn128 };
  } catch (cause) {
    throw new Error(
      `Proofs need two packages, and one does not load: ${cause}. Run \`npm install snarkjs ffjavascript\`.`,
    );
  }
}

async function bytesOf({ file, source, sha256, package: home }: Artifact, load: Load): Promise<Uint8Array> {
  const bytes = typeof source === "string" ? await load(source) : source;
  if (!bytes) throw new ArtifactNotFoundError(file, String(source), home);
  const actual = hexOf(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  if (actual !== sha256) throw new ArtifactHashMismatchError(file, sha256, actual);
  return bytes;
}

function hexOf(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function failureOf(error: unknown): Failure {
  if (error instanceof ArtifactNotFoundError)
    return { name: error.name, args: [error.artifact, error.location, error.package] };
  if (error instanceof ArtifactHashMismatchError)
    return { name: error.name, args: [error.artifact, error.expected, error.actual] };
  return { name: "Error", args: [error instanceof Error ? error.message : String(error)] };
}

/** Loads web addresses. */
export async function fetchBytes(url: string): Promise<Uint8Array | undefined> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

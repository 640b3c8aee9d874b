import { getBytes, keccak256 } from "ethers";
import { createKeccak as createHasher } from "hash-wasm";

/** Writes the hash of the input to the output. */
export type Keccak = (input: Uint8Array, output: Uint8Array) => void;

/** Keccak-256 in WebAssembly. JavaScript has no 64-bit rotation and takes ten times as long. */
export async function createKeccak(): Promise<Keccak> {
  try {
    const hasher = await createHasher(256);
    return (input, output) => output.set(hasher.init().update(input).digest("binary"));
  } catch {
    // No WebAssembly, or a content security policy forbids it.
    return (input, output) => output.set(getBytes(keccak256(input)));
  }
}

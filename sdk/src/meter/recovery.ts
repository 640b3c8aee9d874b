import { getBytes, hexlify, SigningKey, toBeHex } from "ethers";

/** Implementation of the curve's arithmetic. */
export type Implementation = "native" | "wasm" | "javascript";

/**
 * Recovers the uncompressed public key (65 bytes) from a digest, r and s (64 bytes), and the parity of R's y.
 * Returns undefined or throws if there is none.
 */
export type Recover = (digest: Uint8Array, signature: Uint8Array, parity: number) => Uint8Array | undefined;

export type Loaders = Readonly<Partial<Record<Implementation, () => Promise<Recover>>>>;

/** Implementations for every platform. */
export const loaders: Loaders = { javascript: async () => recoverInJavascript };

function recoverInJavascript(digest: Uint8Array, signature: Uint8Array, parity: number): Uint8Array {
  const serialized = hexlify(signature) + toBeHex(27 + parity).slice(2);
  return getBytes(SigningKey.recoverPublicKey(digest, serialized));
}

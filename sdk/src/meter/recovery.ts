import { getBytes, hexlify, SigningKey, toBeHex } from "ethers";

/** Who does the curve's arithmetic. */
export type Implementation = "native" | "wasm" | "javascript";

/**
 * The uncompressed public key (65 bytes) that signed a digest, from r and s (64 bytes) and the parity of R's y.
 * Undefined or an exception where there is none.
 */
export type Recover = (digest: Uint8Array, signature: Uint8Array, parity: number) => Uint8Array | undefined;

export type Loaders = Readonly<Partial<Record<Implementation, () => Promise<Recover>>>>;

/** Those that work everywhere. */
export const loaders: Loaders = { javascript: async () => recoverInJavascript };

function recoverInJavascript(digest: Uint8Array, signature: Uint8Array, parity: number): Uint8Array {
  const serialized = hexlify(signature) + toBeHex(27 + parity).slice(2);
  return getBytes(SigningKey.recoverPublicKey(digest, serialized));
}

import { createRequire } from "node:module";
import { type Loaders, loaders as portable, type Recover } from "./recovery.ts";

type Secp256k1 = {
  ecdsaRecover(
    signature: Uint8Array,
    parity: number,
    digest: Uint8Array,
    compressed: false,
    output: Uint8Array,
  ): Uint8Array;
};

/** Best first. */
export const loaders: Loaders = { native: loadNative, wasm: loadWasm, ...portable };

/** The main file of secp256k1 silently falls back to slow JavaScript. Its bindings throw instead. */
async function loadNative(): Promise<Recover> {
  const { ecdsaRecover }: Secp256k1 = createRequire(import.meta.url)("secp256k1/bindings.js");
  const output = new Uint8Array(65);
  return (digest, signature, parity) => ecdsaRecover(signature, parity, digest, false, output);
}

async function loadWasm(): Promise<Recover> {
  const { recover } = await import("tiny-secp256k1");
  return (digest, signature, parity) => recover(digest, signature, parity as 0 | 1, false) ?? undefined;
}

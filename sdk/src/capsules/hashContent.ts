import { hexlify } from "ethers";
import type { Hex } from "../core/abi.ts";
import type { Content } from "../shared/content.ts";

/**
 * SHA-256 of content, in the form of capsules. A stream may be larger than memory: one piece of it is held at a time.
 *
 * @throws {@link InvalidParameterError} for text and other values that are not bytes
 * @example
 * ```ts
 * const contentHash = await hashContent(new TextEncoder().encode("a dataset"));
 * ```
 */
export async function hashContent(content: Content): Promise<Hex> {
  if (content instanceof Uint8Array) {
    const hash = await crypto.subtle.digest("SHA-256", content as Uint8Array<ArrayBuffer>);
    return hexlify(new Uint8Array(hash)) as Hex;
  }
  // WebCrypto cannot hash pieces. Loaded for streams alone.
  const { sha256Of } = await import("../shared/sha256.ts");
  return (await sha256Of(content)).contentHash;
}

import { hexlify } from "ethers";
import type { Hex } from "../core/abi.ts";

/** Bytes, or a stream of them: a file's `stream()`, a response's `body`, Node's `createReadStream`. */
export type Content = Uint8Array | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/**
 * SHA-256 of content, in the form of capsules. A stream is collected in memory: WebCrypto cannot hash parts.
 *
 * @example
 * ```ts
 * const contentHash = await hashContent(new TextEncoder().encode("a dataset"));
 * ```
 */
export async function hashContent(content: Content): Promise<Hex> {
  const bytes = content instanceof Uint8Array ? content : await collect(content);
  const hash = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return hexlify(new Uint8Array(hash)) as Hex;
}

async function collect(stream: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  if (stream instanceof ReadableStream) {
    // Some browsers cannot iterate streams.
    const reader = stream.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read())
      parts.push(new Uint8Array(part.value));
  } else {
    for await (const part of stream) parts.push(new Uint8Array(part));
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

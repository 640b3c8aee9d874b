import type { Content } from "@benefit-grid/sdk";

/** Content as pieces. */
export async function* iterate(content: Content): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  // Node's web streams can be iterated, but the DOM's type does not say so.
  else yield* content as AsyncIterable<Uint8Array>;
}

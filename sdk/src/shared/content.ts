/** Bytes, or a stream of them: a file's `stream()`, a response's `body`, Node's `createReadStream`. */
export type Content = Uint8Array | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** Content as pieces. Some browsers cannot iterate streams. */
export async function* piecesOf(content: Content): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else if (content instanceof ReadableStream) {
    const reader = content.getReader();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    } finally {
      // Ends the download if it is left early.
      await reader.cancel().catch(() => undefined);
    }
  } else yield* content;
}

import { InvalidParameterError } from "../errors.ts";

/** Bytes, a file, or a stream of bytes: a response's `body`, Node's `createReadStream`. */
export type Content =
  | Uint8Array
  | ArrayBuffer
  | Blob
  | AsyncIterable<Uint8Array>
  | ReadableStream<Uint8Array>;

/**
 * Content as pieces. Some browsers cannot iterate streams.
 *
 * @throws {@link InvalidParameterError} for text and other values that are not bytes
 */
export async function* piecesOf(content: Content): AsyncGenerator<Uint8Array> {
  for await (const piece of partsOf(content)) {
    if (!(piece instanceof Uint8Array)) throw notBytes("is a stream of other values than Uint8Array");
    yield piece;
  }
}

function partsOf(content: Content): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (content instanceof Uint8Array) return [content];
  if (content instanceof ArrayBuffer) return [new Uint8Array(content)];
  if (content instanceof Blob) return read(content.stream());
  if (content instanceof ReadableStream) return read(content);
  if (typeof content === "object" && content !== null && Symbol.asyncIterator in content) return content;
  throw notBytes(typeof content === "string" ? "is a text" : `is ${Object.prototype.toString.call(content)}`);
}

function notBytes(problem: string): InvalidParameterError {
  const advice = "Pass bytes, a Blob or a stream of bytes. Encode text: `new TextEncoder().encode(text)`";
  return new InvalidParameterError("content", problem, advice);
}

async function* read(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    // Ends the download if it is left early.
    await reader.cancel().catch(() => undefined);
  }
}

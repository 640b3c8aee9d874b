import type { ServeResponse } from "../serve.ts";

export type ServeHttpParameters = {
  /** Base address of the service behind the meter. The request's path and query are appended. */
  readonly upstream: string;
  /** A metered unit: an answered call, or a byte of the answer's body. */
  readonly unit: "call" | "byte";
  /** @default the global one */
  readonly fetch?: typeof globalThis.fetch;
};

/** Only for one connection (RFC 9110, 7.6.1), or between customer and meter. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "host",
  "content-length",
  "benefit-grid-voucher",
];

/**
 * Serves any HTTP service. Bodies are passed on as they come. Answers with status 400 and above are free. An answer
 * of more bytes than the call's `maxUnits` breaks off there.
 *
 * @example
 * ```ts
 * const serve = serveHttp({ upstream: "http://127.0.0.1:9000", unit: "call" });
 * ```
 */
export function serveHttp({ upstream, unit, fetch = globalThis.fetch }: ServeHttpParameters): ServeResponse {
  return async (request, call) => {
    const { pathname, search } = new URL(request.url);
    const { method, signal } = request;
    const options = { method, headers: without(request.headers), body: request.body, signal };
    const answer = await fetch(`${upstream}${pathname}${search}`, {
      ...options,
      redirect: "manual",
      // Needed for a body that is a stream, but unknown to the types.
      ...{ duplex: "half" },
    });
    // `fetch` has undone the encoding.
    const kept = without(answer.headers);
    kept.delete("content-encoding");
    const { status, statusText } = answer;
    const copied = (content: ReadableStream<Uint8Array> | null) =>
      new Response(content, { status, statusText, headers: kept });
    if (!answer.ok || !answer.body) return copied(answer.body);
    if (unit === "call") {
      call.use(1n);
      return copied(answer.body);
    }
    call.keepOpen();
    return copied(answer.body.pipeThrough(counter((bytes) => call.use(BigInt(bytes)))));
  };
}

function without(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of HOP_BY_HOP) kept.delete(name);
  return kept;
}

function counter(count: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      count(chunk.byteLength);
      controller.enqueue(chunk);
    },
  });
}

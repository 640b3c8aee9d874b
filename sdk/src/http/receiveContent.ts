import type { Hex } from "../core/abi.ts";
import { ContentDeliveryError } from "../errors.ts";
import { piecesOf } from "../shared/content.ts";

export type Download = {
  readonly fetch: typeof globalThis.fetch;
  readonly url: string;
  readonly contentHash: Hex;
  readonly bytesPerRequest?: number;
  readonly retries?: number;
  readonly pause?: number;
  readonly signal?: AbortSignal;
  /** Bytes so far, and the size that the server tells. */
  readonly state: { received: number; size: number | undefined };
};

/** All missing bytes. Repeats a request only if it failed before its end. */
export async function* receiveContent(download: Download): AsyncGenerator<Uint8Array> {
  const { retries = 5, pause = 500, signal, state } = download;
  let failures = 0;
  while (state.size === undefined || state.received < state.size) {
    const before = state.received;
    try {
      yield* receiveRange(download);
      failures = 0;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Interruption)) throw error;
      if (state.received > before) failures = 0;
      failures += 1;
      const { problem, status, cause } = error;
      if (failures > retries)
        throw new ContentDeliveryError(download.url, state.received, problem, status, cause);
      await sleep(pause * 2 ** (failures - 1), signal);
    }
  }
}

/** A failure that may pass. */
class Interruption extends Error {
  readonly problem: string;
  readonly status: number | undefined;

  constructor(problem: string, status?: number, cause?: unknown) {
    super(problem, { cause });
    this.problem = problem;
    this.status = status;
  }
}

/** One request and its bytes. The server may answer fewer than asked for. */
async function* receiveRange(download: Download): AsyncGenerator<Uint8Array> {
  const { url, state } = download;
  const response = await request(download);
  if (response.status === 416 && isEndOf(response, state.received)) {
    await response.body?.cancel();
    state.size = state.received;
    return;
  }
  const { start, end, size } = await rangeOf(download, response);
  if (start !== state.received || end <= start || (state.size ?? size) !== size) {
    await response.body?.cancel();
    const problem = `answered bytes ${start} to ${end} of ${size} instead of those from byte ${state.received}`;
    throw new ContentDeliveryError(url, state.received, problem, response.status);
  }
  state.size = size;
  let left = end - start;
  for await (const bytes of bodyOf(response)) {
    left -= bytes.length;
    if (left < 0)
      throw new ContentDeliveryError(url, state.received, "sent more than it said", response.status);
    yield bytes;
  }
  if (left > 0) throw new Interruption("broke off", response.status);
}

async function request(download: Download): Promise<Response> {
  const { fetch, url, signal, contentHash, state, bytesPerRequest = 1_048_576 } = download;
  const range = `bytes=${state.received}-${state.received + bytesPerRequest - 1}`;
  // Another content is refused before it costs anything.
  const headers = { range, "if-match": tagOf(contentHash) };
  try {
    return await fetch(url, { headers, ...(signal && { signal }) });
  } catch (error) {
    // `fetch` has this error for network failures alone.
    if (error instanceof TypeError) throw new Interruption("does not answer", undefined, error);
    throw error;
  }
}

/** The entity tag that `serveContent` gives to content. */
export function tagOf(contentHash: Hex): string {
  return `"${contentHash.slice(2)}"`;
}

/** Whether a 416 says that the content ends where we are. */
function isEndOf({ headers }: Response, received: number): boolean {
  return headers.get("content-range") === `bytes */${received}`;
}

type ContentRange = { start: number; end: number; size: number };

/** Statuses of a server that may answer later. */
const BUSY = [408, 425, 429, 500, 502, 503, 504];

async function rangeOf({ url, state }: Download, response: Response): Promise<ContentRange> {
  const { status, headers } = response;
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get("content-range") ?? "") ?? [];
  if (status === 206 && size) return { start: Number(first), end: Number(last) + 1, size: Number(size) };
  const text = status === 206 ? "" : `: ${(await response.text()).slice(0, 500)}`;
  const problem = `answered ${status}${status < 300 ? ", but no range of bytes" : text}`;
  if (BUSY.includes(status)) throw new Interruption(problem, status);
  throw new ContentDeliveryError(url, state.received, problem, status);
}

async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  if (!response.body) return;
  const pieces = piecesOf(response.body);
  try {
    for (;;) {
      const next = await pieces.next().catch((error) => {
        throw new Interruption("broke off", response.status, error);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await pieces.return(undefined);
  }
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

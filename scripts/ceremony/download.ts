import { createWriteStream, existsSync, rmSync, statSync } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CircuitError } from "../circuits/errors.ts";
import { publish } from "./files.ts";

/** Gets the bytes on the disk and, if the server tells it, the size of the whole file. */
export type OnBytes = (bytes: number, total: number | undefined) => void;

/**
 * Streams a file from a server to the disk, first as `FILE.part`. A broken download continues there: at once, and after
 * a restart. The caller checks the content.
 *
 * @throws {CircuitError} if the server refuses, or sends nothing more
 */
export async function download(url: string, to: string, onBytes: OnBytes = () => {}): Promise<void> {
  const part = `${to}.part`;
  for (;;) {
    const start = existsSync(part) ? statSync(part).size : 0;
    const failure = await fetchRest(url, part, start, onBytes).catch((error: Error) => error);
    if (!failure) break;
    if (failure instanceof CircuitError) throw failure;
    const reached = existsSync(part) ? statSync(part).size : 0;
    if (reached <= start) throw new CircuitError(brokenText(url, reached, failure));
  }
  publish(part, to);
}

function brokenText(url: string, reached: number, error: Error): string {
  const reason = error.cause instanceof Error ? error.cause.message : error.message;
  return `The download of ${url} stopped after ${reached} bytes: ${reason}. Run the command again to continue.`;
}

async function fetchRest(url: string, part: string, start: number, onBytes: OnBytes): Promise<void> {
  // A compressed answer would have other positions.
  const headers = { "accept-encoding": "identity", ...(start > 0 && { range: `bytes=${start}-` }) };
  const response = await fetch(url, { headers });
  const total = totalOf(response, start);
  if (response.status === 416) {
    await response.body?.cancel();
    if (total === start) return;
    rmSync(part);
    return await fetchRest(url, part, 0, onBytes);
  }
  if (!response.ok || response.body === null)
    throw new CircuitError(`${url} answers ${response.status} ${response.statusText}.`);
  // A server without ranges sends all again.
  const isRest = response.status === 206;
  let bytes = isRest ? start : 0;
  const counter = new Transform({
    transform(chunk: Uint8Array, _, done) {
      bytes += chunk.length;
      onBytes(bytes, total);
      done(null, chunk);
    },
  });
  await pipeline(
    Readable.fromWeb(response.body),
    counter,
    createWriteStream(part, { flags: isRest ? "a" : "w" }),
  );
  if (total !== undefined && bytes !== total) throw new Error(`${bytes} of ${total} bytes came`);
}

/** The size of the whole file. Throws if a part begins elsewhere than asked. */
function totalOf({ status, headers }: Response, start: number): number | undefined {
  if (status === 206 || status === 416) {
    const [, from, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(headers.get("content-range") ?? "") ?? [];
    if (status === 206 && Number(from) !== start)
      throw new CircuitError(`The server sent another part than asked, from byte ${from}.`);
    return total === undefined ? undefined : Number(total);
  }
  const length = headers.get("content-length");
  return length === null ? undefined : Number(length);
}

import { getOffer } from "@benefit-grid/sdk";
import { problem } from "../problem.ts";
import type { Call, ServeResponse } from "../serve.ts";
import { type OpenedContent, openContent } from "./openContent.ts";
import { failedPrecondition, isRangeCurrent } from "./preconditions.ts";
import { type ByteRange, readRange } from "./range.ts";
import { type RegisteredContent, verifyOpened, versionOf } from "./verifyStored.ts";

export type ServeContentParameters = RegisteredContent & {
  /** Media type. @default "application/octet-stream" */
  readonly contentType?: string;
  /**
   * Offers whose licenses may download this content.
   *
   * @default the capsule's own offers, as on chain
   */
  readonly offers?: readonly bigint[];
  /** `false` trusts an earlier `verifyStored` of this file instead of reading it all at the start. @default true */
  readonly verify?: boolean;
};

/**
 * A meter's handler that delivers one encrypted file. A unit is a byte of plain content. Each piece is counted when it
 * goes out, so a broken download pays for its part only. HEAD is free.
 *
 * Answers GET and HEAD by RFC 9110: `Range` of one range, `ETag`, `If-Match`, `If-None-Match`, `If-Range`; and
 * `Repr-Digest` (RFC 9530) with the hash on chain. Several ranges are refused by 416. A range longer than the call's
 * `maxUnits` is answered by its first bytes, a longer request without `Range` by 413.
 *
 * @throws {@link ContentHashMismatchError} if the stored content is not the registered one
 * @throws {@link StoredContentError} if the file does not decrypt
 * @throws {@link StorageError}
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`, `VersionNonexistent`
 * @example
 * ```ts
 * const content = { client, capsuleId, storage: fileStorage("datasets"), name: "one.enc", key };
 * const serve = await serveContent(content);
 * const meter = await createMeter({ client, store, offers: [offerId], credit: 2_097_152n, maxUnits: 1_048_576n, serve });
 * ```
 */
export async function serveContent(parameters: ServeContentParameters): Promise<ServeResponse> {
  const { contentType = "application/octet-stream", verify = true } = parameters;
  const content = await openContent(parameters);
  const { contentHash } = await (verify ? verifyOpened(content, parameters) : versionOf(parameters));
  const etag = `"${contentHash.slice(2)}"`;
  const mayDownload = offerCheck(parameters);
  const fixed = {
    "accept-ranges": "bytes",
    // Paid content must not be kept for others, and a proxy that compresses it would break ranges.
    "cache-control": "private, no-transform",
    etag,
    "repr-digest": `sha-256=:${Buffer.from(contentHash.slice(2), "hex").toString("base64")}:`,
  };

  return async (request, call) => {
    const isHead = request.method === "HEAD";
    if (!isHead && request.method !== "GET") {
      return problem(405, "MethodNotAllowed", "Use GET or HEAD.", { allow: "GET, HEAD" });
    }
    if (!(await mayDownload(call.offerId))) {
      return problem(403, "OfferOfOtherContent", `Offer ${call.offerId} is not for this content.`);
    }
    const status = failedPrecondition(request, etag);
    if (status === 304) return new Response(null, { status, headers: fixed });
    if (status === 412) {
      return problem(status, "ContentChanged", "The content is not the one of If-Match.", fixed);
    }

    const headers = { ...fixed, "content-type": contentType };
    const { size } = content;
    const limit = Number(call.maxUnits);
    if (isHead) return new Response(null, { headers: { ...headers, "content-length": size.toString() } });
    const header = isRangeCurrent(request, etag) ? request.headers.get("range") : null;
    const range = header === null ? undefined : readRange(header, size);
    if (range === "unsatisfiable") {
      const detail = `Ask for one range of bytes within ${size}.`;
      return problem(416, "RangeNotSatisfiable", detail, { ...fixed, "content-range": `bytes */${size}` });
    }
    if (range === undefined) {
      if (size > limit) {
        const detail = `The content has ${size} bytes. Ask by Range for at most ${limit} at once.`;
        return problem(413, "RangeNeeded", detail, fixed);
      }
      return await deliver(content, call, { start: 0, end: size }, 200, headers);
    }
    // RFC 9110, section 15.3.7: a 206 may have less than what was asked for, it says so itself.
    const part = { start: range.start, end: Math.min(range.end, range.start + limit) };
    const contentRange = `bytes ${part.start}-${part.end - 1}/${size}`;
    return await deliver(content, call, part, 206, { ...headers, "content-range": contentRange });
  };
}

/** Decrypts the first piece before it answers, so a damaged file gives an error instead of a broken body. */
async function deliver(
  content: OpenedContent,
  call: Call,
  range: ByteRange,
  status: number,
  headers: Record<string, string>,
): Promise<Response> {
  const pieces = content.read(range);
  let next = await pieces.next();
  call.keepOpen();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!next.done) {
          call.use(BigInt(next.value.length));
          controller.enqueue(next.value);
          next = await pieces.next();
        }
        if (next.done) controller.close();
      },
      async cancel() {
        await pieces.return(undefined);
      },
    },
    // A piece is read ahead, but counted when the customer takes it.
    { highWaterMark: 0 },
  );
  const length = (range.end - range.start).toString();
  return new Response(body, { status, headers: { ...headers, "content-length": length } });
}

/** Offers never change, so each is read once. */
function offerCheck({ client, capsuleId, offers }: ServeContentParameters): (id: bigint) => Promise<boolean> {
  const known = new Map<bigint, boolean>(offers?.map((offerId) => [offerId, true]));
  return async (offerId) => {
    const answer =
      known.get(offerId) ?? (!offers && (await getOffer(client, { offerId })).capsuleId === capsuleId);
    known.set(offerId, answer);
    return answer;
  };
}

import { createSHA256 } from "hash-wasm";
import { getCapsule } from "../capsules/getCapsule.ts";
import { getVersion } from "../capsules/getVersion.ts";
import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkParameters } from "../core/check.ts";
import { ContentHashMismatchError, InvalidParameterError } from "../errors.ts";
import { type Content, piecesOf } from "../shared/content.ts";
import { type Download, receiveContent, tagOf } from "./receiveContent.ts";

export type FetchContentParameters = {
  readonly client: Client;
  readonly capsuleId: bigint;
  /** @default the newest version on chain */
  readonly version?: bigint;
  /** Takes the content. Closed if the hash is right, else aborted. */
  readonly sink: WritableStream<Uint8Array>;
  /** The content's beginning, from an earlier download. It is checked, but not written. @default nothing */
  readonly have?: Content;
  /** Bytes of one request. `maxUnitsPerCall` of `withVouchers` must allow it. @default 1,048,576 */
  readonly bytesPerRequest?: number;
  /** Repeats of a request after a break or a busy server, one after the other. @default 5 */
  readonly retries?: number;
  /** Pause before the first repeat, milliseconds. Each next one is twice as long. @default 500 */
  readonly pause?: number;
  readonly signal?: AbortSignal;
};
export type FetchContentReturnType = {
  readonly version: bigint;
  /** SHA-256 of the content, as on chain. */
  readonly contentHash: Hex;
  /** Bytes of the content. */
  readonly size: number;
};

/**
 * Downloads licensed content by ranges, and checks its SHA-256 against the chain. After a break it continues with the
 * next missing byte, so no received byte is paid twice. Two free requests at the end pay for the last range.
 *
 * @param fetch a `fetch` that pays, such as `withVouchers`
 * @throws {@link ContentHashMismatchError} if the content is not the registered one. The sink is aborted
 * @throws {@link ContentDeliveryError} if the server refuses, keeps breaking off, or has another content
 * @throws {@link VoucherLimitError} from `withVouchers`, beyond its limits
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`, `VersionNonexistent`
 * @example
 * ```ts
 * const contexts = encodeContexts(["research"]);
 * const limits = { maxUnits: 1_000_000_000n, maxUnitsPerCall: 1_048_576n };
 * const paid = withVouchers(fetch, { client, licenseId, contexts, ...limits });
 * const parts: Uint8Array[] = [];
 * const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) });
 * const { size } = await fetchContent(paid, "https://meter.example/dataset", { client, capsuleId, sink });
 * ```
 */
export async function fetchContent(
  fetch: typeof globalThis.fetch,
  url: string,
  parameters: FetchContentParameters,
): Promise<FetchContentReturnType> {
  const { client, capsuleId, sink, have } = checked(parameters);
  const writer = sink.getWriter();
  try {
    const version = parameters.version ?? (await getCapsule(client, { capsuleId })).versions;
    const { contentHash } = await getVersion(client, { capsuleId, version });
    const hash = await createSHA256();
    const state = { received: 0, size: undefined as number | undefined };
    const take = (bytes: Uint8Array) => {
      hash.update(bytes);
      state.received += bytes.length;
    };
    if (have) for await (const bytes of piecesOf(have)) take(bytes);
    const download = { ...parameters, fetch, url, contentHash, state };
    for await (const bytes of receiveContent(download)) {
      await writer.write(bytes);
      take(bytes);
    }
    const actual: Hex = `0x${hash.digest("hex")}`;
    if (actual !== contentHash) throw new ContentHashMismatchError(capsuleId, version, contentHash, actual);
    await writer.close();
    await payRest(download);
    return { version, contentHash, size: state.received };
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}

/**
 * Ranges are streams, so no answer showed the last one's units yet. Free requests, answered by 304: the first one learns
 * the count, the second one carries its voucher. The content is complete: failures are ignored.
 */
async function payRest({ fetch, url, contentHash, signal }: Download): Promise<void> {
  const tag = tagOf(contentHash);
  // Both, so that a server with another content does not send it.
  const headers = { "if-match": tag, "if-none-match": tag };
  try {
    for (let i = 0; i < 2; i++) {
      const response = await fetch(url, { headers, ...(signal && { signal }) });
      await response.body?.cancel();
    }
  } catch {}
}

function checked(parameters: FetchContentParameters): FetchContentParameters {
  const { bytesPerRequest = 1 } = checkCall(checkParameters(parameters).client, parameters);
  if (Number.isSafeInteger(bytesPerRequest) && bytesPerRequest > 0) return parameters;
  throw new InvalidParameterError("bytesPerRequest", `is ${bytesPerRequest}`, "Pass a positive whole number");
}

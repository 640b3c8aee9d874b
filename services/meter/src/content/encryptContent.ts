import { createHash } from "node:crypto";
import { type Content, type Hex, piecesOf } from "@benefit-grid/sdk";
import { checkKey } from "./key.ts";
import { capacityOf, chunksOf, cipherOf, createHeader } from "./segments.ts";

export type EncryptContentParameters = {
  /** The plain content. */
  readonly source: Content;
  /** Takes the encrypted bytes: a file by `Writable.toWeb(createWriteStream(path))`. Closed at the end. */
  readonly sink: WritableStream<Uint8Array>;
  /** 32 random bytes. The same key may encrypt many files. */
  readonly key: Uint8Array;
};
export type EncryptContentReturnType = {
  /** SHA-256 of the plain content, for `registerCapsule` or `publishVersion`. */
  readonly contentHash: Hex;
  /** Bytes of the plain content. */
  readonly size: number;
};

/**
 * Encrypts content as a stream, for `serveContent`. Each segment of 64 KiB is encrypted by AES-256-GCM with a key of
 * this file. Memory stays at a few segments.
 *
 * @throws {@link InvalidParameterError} for a key of another length, or a source that is not bytes
 * @example
 * ```ts
 * const sink = Writable.toWeb(createWriteStream("dataset.enc"));
 * const { contentHash } = await encryptContent({ source: createReadStream("dataset.csv"), sink, key });
 * ```
 */
export async function encryptContent({
  source,
  sink,
  key,
}: EncryptContentParameters): Promise<EncryptContentReturnType> {
  const hash = createHash("sha256");
  let size = 0;
  const writer = sink.getWriter();
  try {
    for await (const bytes of encrypt(chunksOf(piecesOf(source), capacityOf), checkKey(key), note)) {
      await writer.write(bytes);
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
  return { contentHash: `0x${hash.digest("hex")}`, size };

  function note(plain: Uint8Array): void {
    hash.update(plain);
    size += plain.length;
  }
}

/** Header and sealed segments. Each piece waits for the next one: the last is sealed as such. */
async function* encrypt(
  pieces: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  note: (plain: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  const header = createHeader();
  const cipher = cipherOf(key, header);
  if (!cipher) throw new TypeError("The header is malformed.");
  yield header;
  let index = 0;
  let waiting: Uint8Array | undefined;
  for await (const piece of pieces) {
    note(piece);
    if (waiting) {
      yield cipher.seal(waiting, index, false);
      index += 1;
    }
    waiting = piece;
  }
  yield cipher.seal(waiting ?? new Uint8Array(), index, true);
}

import { piecesOf } from "@benefit-grid/sdk";
import { StoredContentError } from "../errors.ts";
import { checkKey } from "./key.ts";
import {
  type Cipher,
  chunksOf,
  cipherOf,
  HEADER,
  plainOffset,
  SEGMENT,
  segmentAt,
  sizesOf,
  storedOffset,
} from "./segments.ts";
import type { ContentStorage } from "./storage.ts";

export type StoredContent = {
  /** Where the encrypted file is. */
  readonly storage: ContentStorage;
  /** The file's name in the storage. */
  readonly name: string;
  /** The 32 bytes of `encryptContent`. */
  readonly key: Uint8Array;
};

/** An encrypted file, ready to be read. */
export type OpenedContent = {
  /** Bytes of the plain content. */
  readonly size: number;
  /**
   * The plain bytes from `start` up to, but not including, `end`. Each piece is from one segment. Reads and decrypts
   * the needed segments only.
   *
   * @throws {@link StorageError}
   * @throws {@link StoredContentError} at a segment that does not decrypt, before anything of it is returned
   */
  readonly read: (range: { start: number; end: number }) => AsyncGenerator<Uint8Array>;
};

/**
 * Opens an encrypted file: reads its size and header. If another file replaces it later, reading fails: each file has a
 * key of its own.
 *
 * @throws {@link StorageError}
 * @throws {@link StoredContentError} if this is no file of `encryptContent`
 */
export async function openContent({ storage, name, key }: StoredContent): Promise<OpenedContent> {
  checkKey(key);
  const stored = await storage.size(name);
  const sizes = sizesOf(stored);
  if (!sizes) throw new StoredContentError(name, `has ${stored} bytes, a size that no encrypted file has`);
  const header = await new Response(await storage.read(name, { start: 0, end: HEADER })).arrayBuffer();
  const cipher = cipherOf(key, new Uint8Array(header));
  if (!cipher) throw new StoredContentError(name, "is not an encrypted file");
  return { size: sizes.plain, read: (range) => read({ storage, name, stored, cipher, ...sizes }, range) };
}

type Opened = {
  storage: ContentStorage;
  name: string;
  stored: number;
  cipher: Cipher;
  segments: number;
  plain: number;
};

async function* read(
  { storage, name, stored, cipher, segments }: Opened,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Uint8Array> {
  if (start >= end) return;
  let index = segmentAt(start);
  const last = segmentAt(end - 1);
  const from = index;
  const to = Math.min((last + 1) * SEGMENT, stored);
  const source = piecesOf(await storage.read(name, { start: storedOffset(from), end: to }));
  for await (const sealed of chunksOf(source, (i) => (from + i === 0 ? SEGMENT - HEADER : SEGMENT))) {
    const plain = open(name, cipher, sealed, index, index === segments - 1);
    const offset = plainOffset(index);
    yield plain.subarray(Math.max(start - offset, 0), end - offset);
    index += 1;
  }
  if (index <= last) throw new StoredContentError(name, "ends early", index);
}

function open(name: string, cipher: Cipher, sealed: Uint8Array, index: number, isLast: boolean): Uint8Array {
  try {
    return cipher.open(sealed, index, isLast);
  } catch {
    throw new StoredContentError(name, `does not decrypt at segment ${index}`, index);
  }
}

// The format of stored files: AES-GCM-HKDF streaming as Tink specifies it, with AES-256, SHA-256 and segments of 64 KiB.
// https://developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Bytes of a stored segment with its tag. The first one includes the header. */
export const SEGMENT = 65_536;
const TAG = 16;
const SALT = 32;
const NONCE_PREFIX = 7;
/** Bytes before the first segment: header length, salt, nonce prefix. */
export const HEADER = 1 + SALT + NONCE_PREFIX;
const CIPHER = "aes-256-gcm";

/** The longest file: segment numbers have 32 bits. */
const MAX_SEGMENTS = 2 ** 32;

/** Plain bytes of one segment. */
export function capacityOf(index: number): number {
  return SEGMENT - TAG - (index === 0 ? HEADER : 0);
}

/** Where a segment begins in the stored file. */
export function storedOffset(index: number): number {
  return index === 0 ? HEADER : index * SEGMENT;
}

/** Where a segment begins in the plain content. */
export function plainOffset(index: number): number {
  return index === 0 ? 0 : index * capacityOf(1) - HEADER;
}

/** The segment with a plain byte. */
export function segmentAt(offset: number): number {
  return Math.floor((offset + HEADER) / capacityOf(1));
}

/** Sizes of a file with so many stored bytes. Undefined if no file of this format has this size. */
export function sizesOf(stored: number): { segments: number; plain: number } | undefined {
  const segments = Math.max(Math.ceil(stored / SEGMENT), 1);
  const plain = stored - HEADER - segments * TAG;
  // Only the first segment may be empty.
  const hasRoom = plain >= 0 && (segments === 1 || plain > plainOffset(segments - 1));
  return hasRoom && segments <= MAX_SEGMENTS ? { segments, plain } : undefined;
}

/** Encrypts and decrypts the segments of one file. */
export type Cipher = {
  readonly seal: (plain: Uint8Array, index: number, isLast: boolean) => Uint8Array;
  /** @throws if key, bytes, place or `isLast` is another than at encryption */
  readonly open: (sealed: Uint8Array, index: number, isLast: boolean) => Uint8Array;
};

/** A header for a new file. Its random salt makes the file's key unique. */
export function createHeader(): Uint8Array {
  return Uint8Array.of(HEADER, ...randomBytes(SALT + NONCE_PREFIX));
}

/** The cipher of a file, from its header. Undefined if the header is of another format. */
export function cipherOf(key: Uint8Array, header: Uint8Array): Cipher | undefined {
  if (header.length !== HEADER || header[0] !== HEADER) return undefined;
  const salt = header.subarray(1, 1 + SALT);
  const prefix = header.slice(1 + SALT);
  const fileKey = new Uint8Array(hkdfSync("sha256", key, salt, new Uint8Array(), 32));
  return {
    seal(plain, index, isLast) {
      const cipher = createCipheriv(CIPHER, fileKey, nonceOf(prefix, index, isLast));
      return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, index, isLast) {
      const end = sealed.length - TAG;
      const decipher = createDecipheriv(CIPHER, fileKey, nonceOf(prefix, index, isLast), {
        authTagLength: TAG,
      });
      decipher.setAuthTag(sealed.subarray(end));
      return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
    },
  };
}

/** The number and the flag of the last segment are part of the nonce, so moved or missing segments do not decrypt. */
function nonceOf(prefix: Uint8Array, index: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(NONCE_PREFIX + 5);
  nonce.set(prefix);
  nonce.writeUInt32BE(index, NONCE_PREFIX);
  nonce.writeUInt8(isLast ? 1 : 0, NONCE_PREFIX + 4);
  return nonce;
}

/** Cuts a stream into pieces: piece `i` has `sizeOf(i)` bytes, the last one may have fewer. Empty pieces are left out. */
export async function* chunksOf(
  source: AsyncIterable<Uint8Array>,
  sizeOf: (index: number) => number,
): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let index = 0;
  for await (let bytes of source) {
    while (length + bytes.length >= sizeOf(index)) {
      const cut = sizeOf(index) - length;
      yield Buffer.concat([...parts, bytes.subarray(0, cut)]);
      bytes = bytes.subarray(cut);
      parts = [];
      length = 0;
      index += 1;
    }
    // A copy: the source may write its next bytes into the same buffer.
    if (bytes.length > 0) parts.push(new Uint8Array(bytes));
    length += bytes.length;
  }
  if (length > 0) yield Buffer.concat(parts);
}

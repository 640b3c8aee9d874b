import { StorageError } from "../errors.ts";

/** A place of stored files. Reading needs no more than sizes and ranges. */
export type ContentStorage = {
  /**
   * Bytes of a file.
   *
   * @throws {@link StorageError} if there is no such file
   */
  readonly size: (name: string) => Promise<number>;
  /**
   * The bytes from `start` up to, but not including, `end`.
   *
   * @throws {@link StorageError} if there is no such file, or the storage refuses
   */
  readonly read: (name: string, range: StoredRange) => Promise<ReadableStream<Uint8Array>>;
};

export type StoredRange = { readonly start: number; readonly end: number };

/**
 * Refuses names that leave the storage's folder, on any system: `..`, absolute paths, backslashes, drive letters.
 *
 * @throws {@link StorageError}
 */
export function checkName(name: string): string {
  const parts = name.split("/");
  const isPlain = parts.every((part) => part !== "" && part !== "." && part !== "..");
  if (!isPlain || /[\\:\p{Cc}]/u.test(name)) {
    throw new StorageError(name, "is not a name of a file inside the storage");
  }
  return name;
}

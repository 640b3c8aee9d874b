import { type FileHandle, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { Readable } from "node:stream";
import { StorageError } from "../errors.ts";
import { type ContentStorage, checkName } from "./storage.ts";

/**
 * The files of a folder. Names are relative to it. Symbolic links may point to places inside the folder only.
 *
 * @example
 * ```ts
 * const storage = fileStorage("/var/lib/datasets");
 * ```
 */
export function fileStorage(folder: string): ContentStorage {
  return {
    async size(name) {
      const file = await openFile(folder, name);
      try {
        return (await file.stat()).size;
      } finally {
        await file.close();
      }
    },
    async read(name, { start, end }) {
      const file = await openFile(folder, name);
      // Closes the file at its end, or when the reader stops.
      const stream = file.createReadStream({ start, end: end - 1 });
      return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
    },
  };
}

async function openFile(folder: string, name: string): Promise<FileHandle> {
  checkName(name);
  try {
    const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, name))]);
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) {
      throw new StorageError(name, `leads out of ${folder} by a symbolic link`);
    }
    const file = await open(path);
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw new StorageError(name, `cannot be opened in ${folder}`, error);
  }
  throw new StorageError(name, "is not a file");
}

import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { CircuitError } from "../circuits/errors.ts";

const PARTIAL = /\.(\d+)\.partial$/;

/**
 * Writes a file under a temporary name, flushes it to the disk and renames it. So an interrupted step leaves no half
 * file under the final name. The next call removes what it left.
 */
export async function writeWhole(to: string, write: (partial: string) => unknown): Promise<void> {
  removeLeftovers(to);
  const partial = `${to}.${process.pid}.partial`;
  try {
    await write(partial);
    publish(partial, to);
  } finally {
    rmSync(partial, { force: true, recursive: true });
  }
}

/** Flushes a file and gives it its final name. */
export function publish(from: string, to: string): void {
  flush(from);
  renameSync(from, to);
  // Windows cannot open a folder.
  if (process.platform !== "win32") flush(dirname(to));
}

function flush(path: string): void {
  const fd = openSync(path, "r");
  try {
    if (process.platform !== "win32") fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function removeLeftovers(to: string): void {
  const folder = dirname(to);
  for (const name of readdirSync(folder)) {
    const [suffix, pid] = name.match(PARTIAL) ?? [];
    if (suffix === undefined || name !== `${basename(to)}${suffix}` || isRunning(Number(pid))) continue;
    rmSync(join(folder, name), { recursive: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The hash of a file of any size, in hexadecimal. `onShare` gets the share that is read, 0 to 1. */
export async function hashOf(
  file: string,
  algorithm: "blake2b512" | "sha256",
  onShare: (share: number) => void = () => {},
): Promise<string> {
  const hash = createHash(algorithm);
  const { size } = statSync(file);
  let done = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk);
    done += chunk.length;
    onShare(done / size);
  }
  return hash.digest("hex");
}

export function requireFile(file: string, advice = ""): void {
  if (!existsSync(file)) throw new CircuitError(`There is no file ${file}.${advice && ` ${advice}`}`);
  if (!statSync(file).isFile()) throw new CircuitError(`${file} is not a file.`);
}

export function requireFolderOf(path: string): void {
  if (!existsSync(dirname(path))) throw new CircuitError(`There is no folder ${dirname(path)}.`);
}

/** Text of others for a terminal: in quotes, without characters that move or hide other text. */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/\p{C}/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`);
}

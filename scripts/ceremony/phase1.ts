import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { CircuitError } from "../circuits/errors.ts";
import { BUILD } from "../circuits/instances.ts";
import { isPublicPhase1, readLog2Size } from "../circuits/phase1.ts";
import type { OnProgress } from "../circuits/progress.ts";
import { download } from "./download.ts";
import { hashOf, requireFile } from "./files.ts";

/** A published result of phase 1: a path or URL. Its hash is known for the files of circuits/phase1.json. */
export type Phase1Source = { ptau: string; blake2b?: string };

/** A phase 1 on this disk, checked. */
export type Phase1 = { path: string; file: string; blake2b: string };

/** The content of circuits/phase1.json. */
export type Published = { source: string; location: string; blake2b: Record<string, string> };

export function readPublished(): Published {
  return JSON.parse(readFileSync("circuits/phase1.json", "utf8"));
}

/** The URL of the smallest published file of at least 2^log2Size powers. */
export function publishedUrl(log2Size: number): string | undefined {
  const { location, blake2b } = readPublished();
  const sizes = Object.keys(blake2b).map((name) => ({
    name,
    size: Number(/_(\d+)\.ptau$/.exec(name)?.[1] ?? 28),
  }));
  const [first] = sizes.filter(({ size }) => size >= log2Size).sort((a, b) => a.size - b.size);
  return first && `${location}${first.name}`;
}

/**
 * Downloads a phase 1 if it is named by a URL, into circuits/build, and checks its hash.
 *
 * @throws {CircuitError} for an unknown or another hash, and for the publicly known tau of the development keys
 */
export async function obtainPhase1(
  { ptau, blake2b }: Phase1Source,
  onProgress: OnProgress,
  folder: string = BUILD,
): Promise<Phase1> {
  if (blake2b !== undefined && !/^[0-9a-f]{128}$/i.test(blake2b))
    throw new CircuitError(`A BLAKE2b-512 hash has 128 hexadecimal digits; got "${blake2b}".`);
  const isUrl = /^https?:\/\//.test(ptau);
  const path = isUrl ? await fetchPhase1(ptau, blake2b, folder, onProgress) : ptau;
  requireFile(path);
  readLog2Size(path);
  const found = await hashPhase1(path, onProgress);
  const known = Object.entries(readPublished().blake2b).find(([, hash]) => hash === found)?.[0];
  if (blake2b !== undefined && found !== blake2b.toLowerCase())
    throw new CircuitError(`${ptau} has the BLAKE2b hash ${found}, not ${blake2b}: download it again.`);
  if (blake2b === undefined && known === undefined)
    throw new CircuitError(
      `${ptau} has the BLAKE2b hash ${found}, which circuits/phase1.json does not list. ` +
        "Download it again, or pass its published hash by --blake2b.",
    );
  if (await isPublicPhase1(path))
    throw new CircuitError(`${ptau} is for development: its tau is publicly known. Use a published phase 1.`);
  return { path, file: known ?? basename(path), blake2b: found };
}

async function hashPhase1(path: string, onProgress: OnProgress): Promise<string> {
  const step = `hash ${basename(path)}`;
  onProgress(step);
  return await hashOf(path, "blake2b512", (share) => onProgress(step, percent(share)));
}

async function fetchPhase1(
  url: string,
  blake2b: string | undefined,
  folder: string,
  onProgress: OnProgress,
): Promise<string> {
  const name = basename(new URL(url).pathname);
  if (!/^[\w-][\w.-]*\.ptau$/.test(name))
    throw new CircuitError(`${url} does not end with the name of a ptau file.`);
  const expected = blake2b?.toLowerCase() ?? readPublished().blake2b[name];
  if (expected === undefined)
    throw new CircuitError(`circuits/phase1.json has no ${name}: pass its published hash by --blake2b.`);
  const path = join(folder, name);
  if (existsSync(path) && (await hashPhase1(path, onProgress)) === expected) return path;
  mkdirSync(folder, { recursive: true });
  const step = `download ${name}`;
  onProgress(step);
  await download(url, path, (bytes, total) =>
    onProgress(
      step,
      total ? `${percent(bytes / total)} of ${Math.ceil(total / 1e6)} MB` : `${Math.ceil(bytes / 1e6)} MB`,
    ),
  );
  const found = await hashPhase1(path, onProgress);
  if (found === expected) return path;
  rmSync(path);
  throw new CircuitError(
    `${url} has the BLAKE2b hash ${found}, not ${expected}. The file is deleted: run the command again, or use another place.`,
  );
}

function percent(share: number): string {
  return `${Math.floor(100 * share)} %`;
}

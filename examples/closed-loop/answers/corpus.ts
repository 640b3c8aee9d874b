import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** One public-domain text, as described in `corpus/corpus.json`. */
export type Work = {
  readonly id: string;
  readonly title: string;
  readonly author: string;
  /** Year of the author's death. */
  readonly died: number;
  readonly year: number;
  /** Source of the text, as a citation. */
  readonly source: string;
  /** `the whole text`, or its parts. */
  readonly extent: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** A work with its text. */
export type LoadedWork = Work & { readonly text: string };

/** A paragraph: a block of lines between empty lines. */
export type Paragraph = {
  /** Counted from 1. */
  readonly number: number;
  /** Half-open range of UTF-16 code units in the work's text. */
  readonly start: number;
  readonly end: number;
};

export const corpusDirectory = join(dirname(fileURLToPath(import.meta.url)), "corpus");

/** Reads all works. Refuses a text with another hash than `corpus.json` states. */
export function loadCorpus(directory = corpusDirectory): LoadedWork[] {
  const { works } = JSON.parse(readFileSync(join(directory, "corpus.json"), "utf8")) as { works: Work[] };
  return works.map((work) => {
    const bytes = readFileSync(join(directory, work.file));
    if (sha256(bytes) !== work.sha256) throw new Error(`${work.file} is not the text that corpus.json names`);
    return { ...work, text: bytes.toString("utf8") };
  });
}

export function paragraphsOf(text: string): Paragraph[] {
  const blocks = text.matchAll(/[^\n]+(?:\n[^\n]+)*/g);
  return Array.from(blocks, (block, index) => ({
    number: index + 1,
    start: block.index,
    end: block.index + block[0].length,
  }));
}

/**
 * SHA-256 of the output of `sha256sum` for all files below a directory, sorted by path in byte order. To recompute it:
 *
 * ```sh
 * find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum
 * ```
 */
export function treeHash(directory: string): string {
  const paths = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `./${relative(directory, join(entry.parentPath, entry.name)).replaceAll("\\", "/")}`)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const lines = paths.map((path) => `${sha256(readFileSync(join(directory, path)))}  ${path}\n`);
  return sha256(lines.join(""));
}

/** The content hash of the data capsule: {@link treeHash} of `examples/closed-loop/answers/corpus`. */
export const corpusHash = (): string => treeHash(corpusDirectory);

/** The content hash of the model capsule: {@link treeHash} of `node_modules/wink-eng-lite-web-model`. */
export const modelHash = (): string => treeHash(modelDirectory());

function modelDirectory(): string {
  return dirname(createRequire(import.meta.url).resolve("wink-eng-lite-web-model/package.json"));
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import {
  corpusDirectory,
  corpusHash,
  loadCorpus,
  modelHash,
  paragraphsOf,
  treeHash,
} from "../../../../examples/closed-loop/answers/corpus.ts";

describe("corpus", () => {
  let copy: string;

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), "corpus-"));
    cpSync(corpusDirectory, copy, { recursive: true });
  });

  afterEach(() => rmSync(copy, { recursive: true }));

  it("has four to six works of 300 kB to 1 MB; every author died more than 100 years ago", () => {
    const works = loadCorpus();
    expect(works).to.have.length.within(4, 6);
    expect(works.reduce((sum, { bytes }) => sum + bytes, 0)).to.be.within(300_000, 1_000_000);
    for (const { died, text, bytes } of works) {
      expect(died).to.be.below(1925);
      expect(Buffer.byteLength(text)).to.equal(bytes);
    }
  });

  it("contains no words of the transcribers and no replacement characters", () => {
    for (const { text } of loadCorpus())
      expect(text).to.not.match(/gutenberg|transcrib|proofread|\uFFFD|\r/i);
  });

  it("refuses a text with one changed byte", () => {
    appendFileSync(join(copy, "lister.txt"), " ");
    expect(() => loadCorpus(copy)).to.throw("lister.txt is not the text that corpus.json names");
  });

  it("has the hash printed by the documented command", () => {
    const model = dirname(createRequire(import.meta.url).resolve("wink-eng-lite-web-model/package.json"));
    expect(corpusHash()).to.equal(printedHash(corpusDirectory));
    expect(modelHash()).to.equal(printedHash(model));
  });

  it("hashes differently when a file changes or is renamed", () => {
    const original = treeHash(copy);
    expect(original).to.equal(corpusHash());
    renameSync(join(copy, "lister.txt"), join(copy, "lister2.txt"));
    const renamed = treeHash(copy);
    appendFileSync(join(copy, "lister2.txt"), " ");
    expect(new Set([original, renamed, treeHash(copy)]).size).to.equal(3);
  });
});

describe("paragraphsOf", () => {
  it("numbers blocks between empty lines from 1", () => {
    const text = "\n\na\nb\n\n\n\nc\n";
    const paragraphs = paragraphsOf(text);
    expect(paragraphs.map(({ number, start, end }) => [number, text.slice(start, end)])).to.deep.equal([
      [1, "a\nb"],
      [2, "c"],
    ]);
  });
});

function printedHash(directory: string): string {
  const command = "find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum";
  return execFileSync("sh", ["-c", command], { cwd: directory, encoding: "utf8" }).slice(0, 64);
}

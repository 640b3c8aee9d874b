import { createRequire } from "node:module";

/** Weight per word. It has no prototype: words come from strangers. */
export type Weights = Record<string, number>;

export type Bm25 = {
  /** Documents with a word, and the word's weight in each. */
  readonly postings: Map<string, { readonly document: number; readonly weight: number }[]>;
  /** Inverse document frequency; unknown words count as the rarest. */
  readonly idf: (word: string) => number;
  readonly knows: (word: string) => boolean;
};

type Vectorizer = {
  learn(words: readonly string[]): void;
  doc(index: number): { out(bow: unknown): Weights };
  out(idf: unknown): [string, number][];
};

// Node does not resolve the paths in the package's type declarations.
const require = createRequire(import.meta.url);
const createVectorizer: (config: {
  k1: number;
  b: number;
}) => Vectorizer = require("wink-nlp/utilities/bm25-vectorizer.js");
const its: { bow: unknown; idf: unknown } = require("wink-nlp/src/its.js");

/** Indexes documents, each a list of words, with the BM25 vectorizer of wink-nlp. */
export function indexDocuments(documents: readonly (readonly string[])[]): Bm25 {
  const vectorizer = createVectorizer({ k1: 1.2, b: 0.6 });
  for (const words of documents) vectorizer.learn(words);
  const postings: Bm25["postings"] = new Map();
  documents.forEach((_, document) => {
    for (const [word, weight] of Object.entries(vectorizer.doc(document).out(its.bow))) {
      if (!postings.has(word)) postings.set(word, []);
      postings.get(word)?.push({ document, weight });
    }
  });
  const idf = new Map(vectorizer.out(its.idf));
  const rarest = Math.max(...idf.values());
  return { postings, idf: (word) => idf.get(word) ?? rarest, knows: (word) => idf.has(word) };
}

import { type Bm25, indexDocuments } from "./bm25.ts";
import type { Sentence, Term } from "./language.ts";
import { createQuery, pairsOf, type Query } from "./query.ts";

/** The part of a passage that is ranked. */
export type Rankable = {
  readonly sentences: readonly Sentence[];
  /** Words of title and author, shared by all passages of a work. */
  readonly heading: readonly string[];
};

/** Consecutive sentences of one passage, including `last`. */
export type Run<P extends Rankable> = {
  readonly passage: P;
  readonly first: number;
  readonly last: number;
  readonly score: number;
};

export type Ranking<P extends Rankable> = (question: string, terms: readonly Term[]) => Run<P>[];

/** Passages searched per question. */
const DEPTH = 60;
/** Most quotations per answer, and the score of a further one relative to the best. */
const QUOTES = 2;
const RIVAL = 0.9;
/** Least part of the question in a quoted passage, by weight of words. */
const COVERAGE = 0.55;
/** Content words of a quotation: it is extended to SHORT; several sentences together have at most LONG. */
const SHORT = 16;
const LONG = 50;
/** Parts and factors of a score, chosen by reading the answers to the customers' questions. */
const PASSAGE_PART = 0.2;
const PAIR_PART = 0.15;
const NUMBER_FACTOR = 1.3;
const SUBJECT_FACTOR = 1.25;
const NO_VERB_FACTOR = 0.4;

/** BM25 finds passages; the words of adjacent sentences select the quotation. */
export function createRanking<P extends Rankable>(passages: readonly P[]): Ranking<P> {
  const index = indexDocuments(passages.map(({ heading, sentences }) => [...heading, ...stemsOf(sentences)]));
  return (question, terms) => {
    const query = createQuery(question, terms, index);
    const best = nearest(query, index).map(({ document, score }) => ({ passage: passages[document], score }));
    return choose(best.flatMap(({ passage, score }) => (passage ? runsOf(query, passage, score) : []))).map(
      extend,
    );
  };
}

/** Passages with enough of the question, best first. */
function nearest(query: Query, { postings, idf }: Bm25): { document: number; score: number }[] {
  const found = new Map<number, { score: number; covered: number }>();
  for (const [word, weight] of query.weights) {
    for (const { document, weight: inDocument } of postings.get(word) ?? []) {
      const { score, covered } = found.get(document) ?? { score: 0, covered: 0 };
      found.set(document, { score: score + (inDocument * weight) / idf(word), covered: covered + weight });
    }
  }
  return [...found]
    .filter(([, { covered }]) => covered >= COVERAGE * query.total)
    .map(([document, { score }]) => ({ document, score }))
    .sort((a, b) => b.score - a.score || a.document - b.document)
    .slice(0, DEPTH);
}

/** One to three sentences in a row, scored. */
function runsOf<P extends Rankable>(query: Query, passage: P, near: number): Run<P>[] {
  const { sentences } = passage;
  return sentences.flatMap((_, first) =>
    [first, first + 1, first + 2]
      .filter(
        (last) => last < sentences.length && (last === first || lengthOf(sentences, first, last) <= LONG),
      )
      .map((last) => ({ passage, first, last, score: scoreRun(query, sentences.slice(first, last + 1)) }))
      .filter(({ score }) => score > 0)
      .map((run) => ({ ...run, score: run.score + PASSAGE_PART * near })),
  );
}

/** Weight of the question's words in the run. Dense runs and runs about the subject score more. */
function scoreRun(query: Query, sentences: readonly Sentence[]): number {
  const stems = stemsOf(sentences);
  let score = 0;
  for (const stem of new Set(stems)) score += query.weights.get(stem) ?? 0;
  for (const pair of new Set(pairsOf(stems))) if (query.pairs.has(pair)) score += PAIR_PART * query.total;
  if (query.wantsNumber && sentences.some(({ terms }) => terms.some(({ pos }) => pos === "NUM")))
    score *= NUMBER_FACTOR;
  if (query.weights.has(stems[0] ?? "")) score *= SUBJECT_FACTOR;
  if (!sentences[0]?.hasVerb) score *= NO_VERB_FACTOR;
  return score / (0.75 + 0.25 * Math.max(1, stems.length / 12));
}

/** The best run, and others nearly as good that are not next to it. Ties go to the first in the corpus. */
function choose<P extends Rankable>(runs: readonly Run<P>[]): Run<P>[] {
  const sorted = runs.toSorted((a, b) => b.score - a.score);
  const enough = RIVAL * (sorted[0]?.score ?? 0);
  const chosen: Run<P>[] = [];
  for (const run of sorted) {
    if (chosen.length === QUOTES || run.score < enough) break;
    if (!chosen.some((other) => areClose(other, run))) chosen.push(run);
  }
  return chosen;
}

function areClose<P extends Rankable>(a: Run<P>, b: Run<P>): boolean {
  return a.passage === b.passage && a.first <= b.last + 2 && b.first <= a.last + 2;
}

/** Extends a short run: a short sentence is often the text's own question, and the next one its answer. */
function extend<P extends Rankable>(run: Run<P>): Run<P> {
  const { sentences } = run.passage;
  let { last } = run;
  while (last + 1 < sentences.length && lengthOf(sentences, run.first, last) < SHORT) last++;
  return { ...run, last };
}

const lengthOf = (sentences: readonly Sentence[], first: number, last: number): number =>
  stemsOf(sentences.slice(first, last + 1)).length;

const stemsOf = (sentences: readonly Sentence[]): string[] =>
  sentences.flatMap(({ terms }) => terms.map(({ stem }) => stem));

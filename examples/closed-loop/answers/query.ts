import type { Bm25 } from "./bm25.ts";
import type { Term } from "./language.ts";

export type Query = {
  /** Weight of each word in the question, by stem. */
  readonly weights: ReadonlyMap<string, number>;
  /** Adjacent words, as `a b`. */
  readonly pairs: ReadonlySet<string>;
  readonly total: number;
  readonly wantsNumber: boolean;
};

/** Nouns and names tell a question's subject; verbs and adjectives tell less. */
const POS_WEIGHT: Readonly<Record<string, number>> = {
  NOUN: 1,
  PROPN: 1,
  NUM: 1,
  ADJ: 0.8,
  VERB: 0.6,
  ADV: 0.4,
};

/** Prepares a question for the index. */
export function createQuery(question: string, words: readonly Term[], index: Bm25): Query {
  const terms = words.flatMap((term) => split(term, index));
  const weights = new Map<string, number>();
  for (const { stem, pos } of terms) {
    weights.set(stem, Math.max(weights.get(stem) ?? 0, (POS_WEIGHT[pos] ?? 0.5) * index.idf(stem)));
  }
  const pairs = new Set(pairsOf(terms.map(({ stem }) => stem)));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return {
    weights,
    pairs,
    total,
    wantsNumber: /^\s*(when|how (many|much|long|old|far|often))\b/i.test(question),
  };
}

export function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, i) => `${words[i]} ${word}`);
}

/** Older texts write "small pox" and "rain-bow": an unknown word is tried as two known ones. */
function split(term: Term, index: Bm25): Term[] {
  if (index.knows(term.stem)) return [term];
  for (let at = 3; at <= term.stem.length - 3; at++) {
    const halves = [term.stem.slice(0, at), term.stem.slice(at)];
    if (halves.every(index.knows)) return halves.map((stem) => ({ ...term, stem }));
  }
  return [term];
}

import model from "wink-eng-lite-web-model";
import winkNLP, {
  type ItemSentence,
  type ItemToken,
  type ItsFunction,
  type Tokens,
  type WinkMethods,
} from "wink-nlp";

/** A word that carries meaning: its stem and part of speech, as the model sees them. */
export type Term = { readonly stem: string; readonly pos: string };

export type Sentence = {
  /** Half-open range of UTF-16 code units in the text it was read from. */
  readonly start: number;
  readonly end: number;
  readonly terms: readonly Term[];
  /** Whether it has a finite or other verb; a heading has none. */
  readonly hasVerb: boolean;
};

export type Language = {
  /** Tokens as the model's tokenizer counts them, and the content words among them. */
  readonly read: (text: string) => { readonly tokens: number; readonly terms: Term[] };
  /** Splits a text at the model's sentence boundaries. */
  readonly sentencesOf: (text: string) => Sentence[];
};

// Each load of the package's `metaCER` encodes its result as JSON once more; it is loaded once here.
const metaCER = (model.metaCER as () => unknown)();

/**
 * Loads the model, in about 50 ms.
 *
 * NOTE: the tokenizer remembers words, and what it remembers can change how it splits later texts ("http’s" after
 * "http’s’s"). A count that others recount therefore starts from a newly created language.
 */
export function createLanguage(): Language {
  const nlp = winkNLP({ ...model, metaCER: () => metaCER }, ["sbd", "pos"]);
  return Object.freeze({
    read: (text: string) => {
      const tokens = nlp.readDoc(text).tokens();
      return { tokens: tokens.length(), terms: contentTerms(nlp, tokens) };
    },
    sentencesOf: (text: string) => sentencesOf(nlp, text),
  });
}

function sentencesOf(nlp: WinkMethods, text: string): Sentence[] {
  // A line break inside a paragraph is typography; one character for one keeps the offsets.
  const line = text.replace(/\s/g, " ");
  const sentences: Sentence[] = [];
  let cursor = 0;
  const add = (item: ItemSentence): void => {
    const words = item.out().trim();
    const start = line.indexOf(words, cursor);
    if (words === "" || start < 0) return;
    cursor = start + words.length;
    const tokens = item.tokens();
    const sentence = { start, end: cursor, terms: contentTerms(nlp, tokens), hasVerb: hasVerb(nlp, tokens) };
    const before = sentences.at(-1);
    // After an abbreviation the model does not know ("15 min. is the angle") a sentence goes on in lower case.
    if (before && /^\p{Ll}/u.test(words)) sentences.splice(-1, 1, join(before, sentence));
    else sentences.push(sentence);
  };
  nlp.readDoc(line).sentences().each(add);
  return sentences;
}

function join(a: Sentence, b: Sentence): Sentence {
  return { start: a.start, end: b.end, terms: [...a.terms, ...b.terms], hasVerb: a.hasVerb || b.hasVerb };
}

function contentTerms({ its }: WinkMethods, tokens: Tokens): Term[] {
  // The package declares `its.stem` with more parameters than its own `out` accepts.
  const stem = its.stem as ItsFunction<string>;
  const terms: Term[] = [];
  tokens.each((token: ItemToken) => {
    const isWord = !["punctuation", "symbol", "tabCRLF"].includes(token.out(its.type));
    if (isWord && !token.out(its.stopWordFlag))
      terms.push({ stem: token.out(stem), pos: token.out(its.pos) });
  });
  return terms;
}

function hasVerb({ its }: WinkMethods, tokens: Tokens): boolean {
  return tokens.out(its.pos).some((pos) => pos === "VERB" || pos === "AUX");
}

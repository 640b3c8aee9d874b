import model from "wink-eng-lite-web-model";
import winkNLP, {
  type ItemSentence,
  type ItemToken,
  type ItsFunction,
  type Tokens,
  type WinkMethods,
} from "wink-nlp";

/** A content word: its stem and part of speech according to the model. */
export type Term = { readonly stem: string; readonly pos: string };

export type Sentence = {
  /** Half-open range of UTF-16 code units in the text. */
  readonly start: number;
  readonly end: number;
  readonly terms: readonly Term[];
  /** Headings have no verb. */
  readonly hasVerb: boolean;
};

export type Language = {
  /** Number of the model's tokens, and the content words among them. */
  readonly read: (text: string) => { readonly tokens: number; readonly terms: Term[] };
  /** Splits a text at the model's sentence boundaries. */
  readonly sentencesOf: (text: string) => Sentence[];
};

// Each call of the package's `metaCER` encodes its result as JSON again, so it is called only once.
const metaCER = (model.metaCER as () => unknown)();
const core = (model.core as () => Core)();

type Core = { readonly features: Readonly<Record<string, Feature>> };
type Feature = { readonly list: readonly unknown[]; readonly hash?: Readonly<Record<string, number>> };

/**
 * Creates a language that has read nothing yet.
 *
 * NOTE: the tokenizer remembers words, and this can change its splitting of later texts ("http’s" after "http’s’s").
 * Counts must be repeatable, so each starts from a newly created language.
 */
export function createLanguage(): Language {
  const nlp = winkNLP({ ...model, core: newCore, metaCER: () => metaCER }, ["sbd", "pos"]);
  return Object.freeze({
    read: (text: string) => {
      const tokens = nlp.readDoc(text).tokens();
      return { tokens: tokens.length(), terms: contentTerms(nlp, tokens) };
    },
    sentencesOf: (text: string) => sentencesOf(nlp, text),
  });
}

/** The tokenizer adds new words to the features. The rest of the model stays as loaded, and languages share it. */
function newCore(): Core {
  const features = Object.entries(core.features).map(([name, feature]) => {
    const { list, hash } = feature;
    return [name, hash ? { ...feature, list: [...list], hash: Object.create(hash) } : feature];
  });
  return { ...core, features: Object.fromEntries(features) };
}

function sentencesOf(nlp: WinkMethods, text: string): Sentence[] {
  // Line breaks inside a paragraph have no meaning. Replacing one character by one keeps the offsets.
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
    // Lower case continues a sentence after an abbreviation unknown to the model ("15 min. is the angle").
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
  // The package declares `its.stem` with more parameters than `out` accepts.
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

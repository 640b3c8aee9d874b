import model from 'wink-eng-lite-web-model';
import winkNLP, { type ItemSentence, type ItemToken, type ItsFunction, type Tokens } from 'wink-nlp';

const nlp = winkNLP(model, ['sbd', 'pos']);
export const { its } = nlp;
// The package declares `its.stem` with more parameters than its own `out` accepts.
const stem = its.stem as ItsFunction<string>;

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

/** Tokens as the model's tokenizer counts them: the metered unit of the service. */
export function countTokens(text: string): number {
  return nlp.readDoc(text).tokens().length();
}

/** The content words of a text: no stop words, no punctuation. */
export function termsOf(text: string): Term[] {
  return contentTerms(nlp.readDoc(onOneLine(text)).tokens());
}

/** Splits a text at the model's sentence boundaries. */
export function sentencesOf(text: string): Sentence[] {
  const line = onOneLine(text);
  const sentences: Sentence[] = [];
  let cursor = 0;
  const add = (item: ItemSentence): void => {
    const words = item.out().trim();
    const start = line.indexOf(words, cursor);
    if (words === '' || start < 0) return;
    cursor = start + words.length;
    const tokens = item.tokens();
    const sentence = { start, end: cursor, terms: contentTerms(tokens), hasVerb: hasVerb(tokens) };
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

function contentTerms(tokens: Tokens): Term[] {
  const terms: Term[] = [];
  tokens.each((token: ItemToken) => {
    if (!isContent(token)) return;
    terms.push({ stem: token.out(stem), pos: token.out(its.pos) });
  });
  return terms;
}

function isContent(token: ItemToken): boolean {
  return !['punctuation', 'symbol', 'tabCRLF'].includes(token.out(its.type)) && !token.out(its.stopWordFlag);
}

function hasVerb(tokens: Tokens): boolean {
  return tokens.out(its.pos).some((pos) => pos === 'VERB' || pos === 'AUX');
}

/** A line break inside a paragraph is typography; one character for one keeps the offsets. */
const onOneLine = (text: string): string => text.replace(/\s/g, ' ');

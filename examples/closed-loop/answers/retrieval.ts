import { type LoadedWork, loadCorpus, paragraphsOf } from "./corpus.ts";
import { createLanguage, type Sentence } from "./language.ts";
import { createRanking, type Ranking, type Run } from "./ranking.ts";

export { corpusHash, modelHash } from "./corpus.ts";

/** A quotation and its place in the corpus. */
export type Citation = {
  readonly workId: string;
  readonly title: string;
  readonly author: string;
  readonly year: number;
  /** Blocks between empty lines, counted from 1. */
  readonly paragraph: number;
  /** Half-open range of UTF-16 code units in the work's text. */
  readonly start: number;
  readonly end: number;
  /** The text in this range, with single spaces. */
  readonly quote: string;
};

export type Answer = Usage & {
  readonly text: string;
  /** Empty if no passage answers the question. */
  readonly citations: readonly Citation[];
};

/** Tokens of the model's tokenizer. */
export type Usage = {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Counted by the meter: prompt tokens + completion tokens. */
  readonly units: number;
};

export type Retrieval = {
  /** @throws {QuestionError} if the question is not a text of 1 to {@link MAX_QUESTION_LENGTH} characters. */
  readonly answer: (question: string) => Answer;
  readonly works: number;
  readonly passages: number;
  readonly sentences: number;
};

export const MAX_QUESTION_LENGTH = 2_000;
export const NO_ANSWER = "No passage of the corpus answers this.";

/** A refused question: nothing is counted for it. */
export class QuestionError extends Error {
  override readonly name = "QuestionError";
  readonly reason: "not a text" | "empty" | "too long";

  constructor(reason: QuestionError["reason"]) {
    super(`The question is ${reason}.`);
    this.reason = reason;
  }
}

/** Reads and indexes the corpus once. Answers then depend only on corpus, model and question. */
export function createRetrieval(directory?: string): Retrieval {
  const passages = passagesOf(loadCorpus(directory));
  const ranking = createRanking(passages);
  return Object.freeze({
    answer: (question: string) => answer(ranking, question),
    works: new Set(passages.map(({ work }) => work.id)).size,
    passages: passages.length,
    sentences: passages.reduce((sum, { sentences }) => sum + sentences.length, 0),
  });
}

type Passage = {
  readonly work: LoadedWork;
  readonly paragraph: number;
  readonly sentences: readonly Sentence[];
  /** Terms of title and author, shared by all passages of a work. */
  readonly heading: readonly string[];
};

function passagesOf(works: readonly LoadedWork[]): Passage[] {
  const { read, sentencesOf } = createLanguage();
  return works.flatMap((work) => {
    const heading = read(`${work.title} ${work.author}`).terms.map(({ stem }) => stem);
    return paragraphsOf(work.text).map(({ number, start, end }) => {
      const sentences = sentencesOf(work.text.slice(start, end));
      return { work, paragraph: number, sentences: sentences.map((one) => shift(one, start)), heading };
    });
  });
}

const shift = (one: Sentence, by: number): Sentence => ({ ...one, start: one.start + by, end: one.end + by });

function answer(ranking: Ranking<Passage>, question: string): Answer {
  checkQuestion(question);
  const language = createLanguage();
  const { tokens, terms } = language.read(question);
  const citations = ranking(question, terms).map(cite);
  const quotes = citations.map(
    ({ quote, author, title, year }) => `“${quote}” (${author}, ${title}, ${year})`,
  );
  const text = quotes.length > 0 ? quotes.join("\n") : NO_ANSWER;
  return { text, citations, ...usage(tokens, language.read(text).tokens) };
}

/** Recounts an answer, for a customer's check of the meter. */
export function countUsage(question: string, text: string): Usage {
  const language = createLanguage();
  return usage(language.read(question).tokens, language.read(text).tokens);
}

function usage(promptTokens: number, completionTokens: number): Usage {
  return { promptTokens, completionTokens, units: promptTokens + completionTokens };
}

/** @throws {QuestionError} if the question is not a text of 1 to {@link MAX_QUESTION_LENGTH} characters */
export function checkQuestion(question: unknown): asserts question is string {
  if (typeof question !== "string") throw new QuestionError("not a text");
  if (question.trim() === "") throw new QuestionError("empty");
  if (question.length > MAX_QUESTION_LENGTH) throw new QuestionError("too long");
}

function cite({ passage, first, last }: Run<Passage>): Citation {
  const { id: workId, title, author, year, text } = passage.work;
  const quoted = passage.sentences.slice(first, last + 1);
  const start = Math.min(...quoted.map((sentence) => sentence.start));
  const end = Math.max(...quoted.map((sentence) => sentence.end));
  return {
    workId,
    title,
    author,
    year,
    paragraph: passage.paragraph,
    start,
    end,
    quote: quoteOf(text, start, end),
  };
}

/** The quotation at a place of a text, as in a {@link Citation}. */
export function quoteOf(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/\s+/g, " ");
}

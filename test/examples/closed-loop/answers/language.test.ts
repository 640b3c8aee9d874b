import { expect } from "chai";
import { loadCorpus, paragraphsOf } from "../../../../examples/closed-loop/answers/corpus.ts";
import { createLanguage } from "../../../../examples/closed-loop/answers/language.ts";

const { read, sentencesOf } = createLanguage();

describe("language", () => {
  it("counts tokens as the model does", () => {
    expect(read("Don't stop, Dr. Jenner.").tokens).to.equal(7);
    expect(read("").tokens).to.equal(0);
  });

  it("counts the same in every new language, and differently in a used one", () => {
    const used = createLanguage();
    used.read("http’s’s");
    expect(used.read("http’s").tokens).to.equal(1);
    expect(createLanguage().read("http’s").tokens).to.equal(2);
  });

  it("can be created more often than the package itself allows", () => {
    for (let i = 0; i < 30; i++) expect(createLanguage().read("http’s").tokens).to.equal(2);
  });

  it("keeps the stems of content words only", () => {
    expect(read("The windows are opened, and open.").terms.map(({ stem }) => stem)).to.deep.equal([
      "window",
      "open",
      "open",
    ]);
  });

  it("does not end a sentence at a title, or at an abbreviation followed by lower case", () => {
    const text = "Mr. Field came. At 15 min. is the Angle. Why?";
    const sentences = sentencesOf(text).map(({ start, end }) => text.slice(start, end));
    expect(sentences).to.deep.equal(["Mr. Field came.", "At 15 min. is the Angle.", "Why?"]);
  });

  it("knows a heading by its missing verb", () => {
    expect(sentencesOf("Of the Domestic Pigeon.")[0]?.hasVerb).to.equal(false);
    expect(sentencesOf("Pigeons are birds.")[0]?.hasVerb).to.equal(true);
  });

  it("covers every paragraph of the corpus with sentences, in order and without loss", () => {
    for (const { text } of loadCorpus()) {
      for (const { start, end } of paragraphsOf(text)) expect(outside(text.slice(start, end))).to.equal("");
    }
  });
});

/** The text of a paragraph outside of its sentences. */
function outside(paragraph: string): string {
  let rest = "";
  let cursor = 0;
  for (const { start, end } of sentencesOf(paragraph)) {
    expect(start).to.be.at.least(cursor);
    rest += paragraph.slice(cursor, start);
    cursor = end;
  }
  return (rest + paragraph.slice(cursor)).trim();
}

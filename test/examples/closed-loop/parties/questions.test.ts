import { expect } from "chai";
import { createRetrieval } from "../../../../examples/closed-loop/answers/retrieval.ts";
import { applications } from "../../../../examples/closed-loop/parties/questions.ts";

/** The place of the answer as found by a person, and words of it. */
const expected: Record<string, readonly [workId: string, paragraph: number, words: RegExp]> = {
  "Does the cow pox protect from the small pox?": [
    "jenner",
    46,
    /shields the constitution from the Small Pox/,
  ],
  "Who was Sarah Nelmes?": ["jenner", 70, /a dairymaid/],
  "How old was the boy whom Jenner inoculated with the cow pox?": ["jenner", 72, /about eight years old/],
  "Did any disease follow when variolous matter was inserted into the boy's arms?": [
    "jenner",
    75,
    /no disease followed/,
  ],
  "Can a person have the cow pox a second time?": ["jenner", 48, /affected with it a second time/],
  "What is the very first canon of nursing?": ["nightingale", 27, /AS PURE AS THE EXTERNAL AIR/],
  "What ought nursing to signify?": ["nightingale", 9, /fresh air, light, warmth/],
  "Can a patient in bed catch cold from an open window?": [
    "nightingale",
    32,
    /People don't catch cold in bed/,
  ],
  "At what time of day are weak patients most likely to suffer from cold?": [
    "nightingale",
    42,
    /in the morning/,
  ],
  "Can disinfectants purify the air of a sick room?": ["nightingale", 55, /Let no one ever depend upon/],
  "What causes suppuration in wounds?": ["lister", 1, /decomposition brought about by/],
  "What did Pasteur show about the atmosphere?": ["lister", 2, /minute organisms suspended in it/],
  "What is the most powerful antiseptic known to Lister?": ["lister", 3, /carbolic or phenic acid/],
  "Of what is the antiseptic paste or putty composed?": ["lister", 6, /common whiting .* boiled linseed oil/],
  "How are candles called dips made?": ["faraday", 4, /dipped into melted tallow/],
  "Which candles did coal miners use?": ["faraday", 4, /20, 30, 40, or 60 to the pound/],
  "What is capillary attraction?": ["faraday", 12, /the fuel is conveyed/],
  "Why are fluted candles bad candles?": ["faraday", 7, /because of their external shape/],
  "How many minutes does light spend in its passage from the Sun?": ["newton", 19, /about seven Minutes/],
  "What is the whiteness of the sun's light compounded of?": ["newton", 214, /all the primary Colours mix'd/],
  "What struck Darwin when he was on board the Beagle?": ["darwin", 2, /inhabitants of South America/],
  "What is the key to man's power of selection?": ["darwin", 43, /accumulative selection/],
};

describe("questions", () => {
  const retrieval = createRetrieval();
  const customers = applications.flatMap((application) => application.customers);
  const questions = customers.flatMap((customer) => customer.questions);

  it("come from five customers of two applications, three to five each, none twice", () => {
    expect(applications).to.have.length(2);
    expect(customers.map(({ name }) => name)).to.deep.equal([1, 2, 3, 4, 5].map((i) => `customer ${i}`));
    for (const customer of customers) expect(customer.questions).to.have.length.within(3, 5);
    expect(new Set(questions).size).to.equal(questions.length);
  });

  for (const question of questions) {
    const [workId, paragraph, words] = expected[question] ?? [];
    it(`"${question}" is answered ${words ? `by ${workId} ${paragraph}` : "with an honest no"}`, () => {
      const [citation] = retrieval.answer(question).citations;
      expect(citation?.workId).to.equal(workId);
      expect(citation?.paragraph).to.equal(paragraph);
      if (words) expect(citation?.quote).to.match(words);
    });
  }

  it("are all answered but one", () => {
    expect(Object.keys(expected)).to.have.members(
      questions.filter((question) => !question.includes("France")),
    );
  });
});

import { formatEvidence, parseEvidence } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { MINERS, runDetection } from "../../../examples/detection/detection.ts";
import { trainGuesser } from "../../../examples/detection/detectors.ts";
import { answer, createTestSet, scoreAnswer, scoreRound, submit } from "../../../examples/detection/round.ts";
import { expectNear } from "../../near.ts";

const ADDRESS = `0x${"11".repeat(20)}` as const;
const ROUND = {
  ...{ chainId: 31_337n, hub: ADDRESS, subnetId: 1n, epoch: 1n, validator: ADDRESS },
  dataset: { capsuleId: 1n, version: 1n },
};

describe("detection", () => {
  it("when it runs, ranks the detectors by their quality, and gives the guesser nothing", async () => {
    const lines: string[] = [];
    const scored = await runDetection(ROUND, 2, (line) => void lines.push(line));
    const [threshold = 0n, bayes = 0n, logistic = 0n, guesser] = scored?.weights ?? [];
    expect(logistic).to.equal(65_535n);
    expect(bayes < logistic && threshold < bayes && threshold > 30_000n).to.equal(true);
    expect(guesser).to.equal(0n);
    const mccs = scored?.evidence.entries.map(({ parts }) => parts.mcc ?? 0) ?? [];
    for (const mcc of mccs.slice(0, 3)) expect(mcc).to.be.within(0.6, 0.8);
    expectNear(mccs[3], 0, 0.1);
    expect(lines).to.have.length(2 * (1 + MINERS.length));
  });

  it("when evidence is published, anyone reads the same weights and averages from it", async () => {
    const scored = await runDetection(ROUND, 1, () => undefined);
    if (!scored) return expect.fail("No round was scored.");
    const { entries, epoch } = parseEvidence(formatEvidence(scored.evidence));
    expect(epoch).to.equal(1n);
    expect(entries.map(({ weight }) => weight)).to.deep.equal(scored.weights);
    for (const { score, parts } of entries) expectNear(score, 0.25 * (parts.round ?? 0), 1e-12);
  });
});

describe("a round of the example detection", () => {
  const testSet = createTestSet(9);

  it("when an answer is malformed, scores it 0, and the others as usual", async () => {
    const texts = ["", "{", "[]", "[0.5]", '{"toString":1}', `[${"[".repeat(9_999)}${"]".repeat(9_999)}]`];
    const perfect = JSON.stringify(testSet.signals.map(({ isFake }) => Number(isFake)));
    const answers = await Promise.all(
      [...texts, perfect.replace("1", "1.5"), perfect.replace("1", "null"), perfect].map((text) =>
        submit(new TextEncoder().encode(text), testSet.questions),
      ),
    );
    const participants = [...answers, undefined].map((each, slot) => ({
      miner: `0x${slot.toString(16).padStart(40, "0")}` as const,
      average: undefined,
      answer: each,
    }));
    const { weights, evidence } = await scoreRound(ROUND, testSet, participants);
    expect(weights.map((weight) => weight > 0n)).to.deep.equal(answers.map((_, i) => i === 8).concat(false));
    expect(evidence.entries[8]?.parts.mcc).to.equal(1);
    expect(evidence.entries[9]).not.to.have.property("submissionHash");
  });

  it("when a miner answers, its file holds one probability per question", async () => {
    const { content, submission } = await answer(trainGuesser([]), testSet.questions);
    expect(submission.size).to.equal(BigInt(content.length));
    expect(scoreAnswer(testSet, content)?.score).to.be.below(0.1);
  });
});

import { scoreDetection } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { expectNear } from "../../../near.ts";
import { expectInvalid, NO_NUMBERS } from "./support.ts";

/** 500 of each label. */
const LABELS = Array.from({ length: 1_000 }, (_, i) => i < 500);
/** Is right on 440 of each, with this probability of its answer. */
const answersWith = (certainty: number) =>
  LABELS.map((label, i) => (label === i % 500 < 440 ? certainty : 1 - certainty));

describe("scoreDetection", () => {
  it("when an answer is malformed, throws", async () => {
    await expectInvalid(() => scoreDetection(undefined as never), "parameters");
    await expectInvalid(() => scoreDetection({ probabilities: [], labels: LABELS }), "probabilities");
    const short = { probabilities: [0.5], labels: LABELS };
    await expectInvalid(() => scoreDetection(short), "probabilities");
    for (const wrong of NO_NUMBERS) {
      const probabilities = LABELS.map((_, i) => (i === 7 ? wrong : 0.5));
      await expectInvalid(() => scoreDetection({ probabilities, labels: LABELS }), "probabilities[7]");
      const noList = wrong as unknown as number[];
      const parameter = Array.isArray(wrong) ? "probabilities[0]" : "probabilities";
      await expectInvalid(() => scoreDetection({ probabilities: noList, labels: LABELS }), parameter);
    }
    const answer = { probabilities: answersWith(0.9), labels: LABELS };
    await expectInvalid(() => scoreDetection({ ...answer, threshold: Number.NaN }), "threshold");
  });

  it("when all labels are the same, throws", async () => {
    for (const label of [true, false])
      await expectInvalid(() => scoreDetection({ probabilities: [0.5], labels: [label] }), "labels");
  });

  // MCC: detection score of the vectors from outside.
  it("when 440 of 500 are right for both labels, has MCC 0.76, and the score of its formula", () => {
    const { score, mcc, brier, confusion } = scoreDetection({
      probabilities: answersWith(0.88),
      labels: LABELS,
    });
    expect(confusion).to.deep.equal({
      truePositives: 440,
      trueNegatives: 440,
      falsePositives: 60,
      falseNegatives: 60,
    });
    expect(mcc).to.equal(0.76);
    expectNear(brier, 0.88 * 0.12 ** 2 + 0.12 * 0.88 ** 2, 1e-12);
    const calibration = (0.25 - brier) / (0.25 - 0.0001);
    expectNear(score, Math.sqrt(0.88 ** 1.2 * calibration ** 1.8), 1e-12);
  });

  it("when as many are right, scores less for more and for less certainty than is true", () => {
    const of = (certainty: number) =>
      scoreDetection({ probabilities: answersWith(certainty), labels: LABELS }).score;
    for (const other of [0.51, 0.7, 0.85, 0.91, 0.95, 1]) expect(of(other)).to.be.below(of(0.88));
  });

  it("when an answer is perfect, scores 1", () => {
    const probabilities = LABELS.map(Number);
    expectNear(scoreDetection({ probabilities, labels: LABELS }).score, 1, 1e-12);
  });

  it("when an answer is always the same, scores 0, also if one label is rare", () => {
    for (const trues of [1, 50, 500, 950, 999]) {
      const labels = LABELS.map((_, i) => i < trues);
      for (const one of [0, trues / 1_000, 0.5, 1]) {
        const { score, mcc } = scoreDetection({ probabilities: labels.map(() => one), labels });
        expect([score, mcc]).to.deep.equal([0, 0]);
      }
    }
  });

  it("when every answer is wrong, scores 0", () => {
    const probabilities = LABELS.map((label) => (label ? 0.1 : 0.9));
    expect(scoreDetection({ probabilities, labels: LABELS })).to.include({ score: 0, mcc: -1 });
  });

  it("when the threshold is lower, counts more as detected", () => {
    const answer = { probabilities: [0.4, 0.3], labels: [true, false] };
    expect(scoreDetection(answer).mcc).to.equal(0);
    expect(scoreDetection({ ...answer, threshold: 0.4 }).mcc).to.equal(1);
  });
});

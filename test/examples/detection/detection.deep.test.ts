import { type Deployment, getSubnetRound } from "@benefit-grid/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { type DetectionRound, runDetection, VALIDATORS } from "../../../examples/detection/detection.ts";
import { trainGuesser } from "../../../examples/detection/detectors.ts";
import {
  answer,
  createTestSet,
  questionsOf,
  scoreAnswer,
  scoreRound,
  submit,
} from "../../../examples/detection/round.ts";
import { deployGrid } from "../../../scripts/lib/deployment.ts";
import type { LocalSubnet, Party } from "../../../scripts/lib/local-subnet.ts";
import { printReasons } from "../../../scripts/lib/subnet-report.ts";
import { earnedIn, expectExplained } from "../subnets.ts";

const ADDRESS = `0x${"11".repeat(20)}` as const;
const ROUND = {
  ...{ chainId: 31_337n, hub: ADDRESS, subnetId: 1n, epoch: 1n, validator: ADDRESS },
  dataset: { capsuleId: 1n, version: 1n },
  number: 0,
};

describe("detection", () => {
  it("when it runs, pays detectors by their rank, the guesser nothing, and the copier less than who scores", async () => {
    const lines: string[] = [];
    const connection = await network.create();
    const deployment = (await deployGrid(connection)) as Deployment;
    const { subnet, results, winner, explained } = await runDetection(connection, deployment, 2, (line) =>
      lines.push(line),
    );
    const earned = await earnedIn(subnet, results);
    const [logistic = 0n, bayes = 0n, threshold = 0n, guesser] = DETECTORS.map((name) => earned.get(name));
    expect(logistic > bayes && bayes > threshold && threshold > 0n).to.equal(true);
    expect(guesser).to.equal(0n);
    const [copier = 0n, ...scoring] = ["copier", ...VALIDATORS.slice(0, 3)].map((name) => earned.get(name));
    for (const one of scoring) expect(Number(copier)).to.be.below(Number(one) / 4);

    const [first, last] = results as [DetectionRound, DetectionRound];
    expect(last.ranking.map(({ account }) => nameOf(subnet, account))).to.deep.equal(DETECTORS.slice(0, 3));
    expect([winner.name, last.paid.get(winner.address)]).to.deep.equal([DETECTORS[0], explained]);
    await expectExplained(subnet, last);
    expect(last.rows[3]).to.deep.equal(first.rows[0]);
    const { testSets } = await getSubnetRound(subnet.sponsor.client, { subnetId: 1n, epoch: last.epoch });
    expect(testSets.map(({ contentHash }) => contentHash)).to.deep.equal(
      last.scored.map(({ evidence }) => evidence.entries[0]?.testSetHash),
    );
    const [loser, anyone] = [partyOf(subnet, "guesser"), subnet.sponsor.client];
    const error = await printReasons(subnet, anyone, loser, last.epoch, () => undefined).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.equal(`guesser was paid nothing in epoch ${last.epoch}.`);
    expect(Math.max(...lines.map(({ length }) => length))).to.be.at.most(100);
    await connection.close();
  });
});

const DETECTORS = ["logistic regression", "naive Bayes", "threshold", "guesser"];

function partyOf({ miners }: LocalSubnet, wanted: string): Party {
  return miners.find(({ name }) => name === wanted) as Party;
}

function nameOf({ miners }: LocalSubnet, account: string) {
  return miners.find(({ address }) => address === account)?.name;
}

describe("a round of the example detection", () => {
  const testSet = createTestSet(9);
  const questions = questionsOf([testSet]);

  it("when an answer is malformed, scores it 0, and the others as usual", async () => {
    const deep = `[${"[".repeat(9_999)}${"]".repeat(9_999)}]`;
    const texts = ["", "{", "null", "[]", "[0.5]", "[[0.5]]", '{"0":{"toString":1}}', deep];
    const perfect = JSON.stringify([testSet.signals.map(({ isFake }) => Number(isFake))]);
    const answers = await Promise.all(
      [...texts, perfect.replace("1", "1.5"), perfect.replace("1", "null"), perfect].map((text) =>
        submit(new TextEncoder().encode(text), questions),
      ),
    );
    const participants = [...answers, undefined].map((each, slot) => ({
      miner: `0x${slot.toString(16).padStart(40, "0")}` as const,
      average: undefined,
      answer: each,
    }));
    const { weights, evidence } = await scoreRound(ROUND, testSet, participants);
    expect(weights.map((weight) => weight > 0n)).to.deep.equal(
      answers.map((_, i) => i === texts.length + 2).concat(false),
    );
    expect(evidence.entries[texts.length + 2]?.parts.mcc).to.equal(1);
    expect(evidence.entries[texts.length + 3]).not.to.have.property("submissionHash");
  });

  it("when a miner answers, its file holds one probability per question", async () => {
    const { content, submission } = await answer(trainGuesser([]), questions);
    expect(submission.size).to.equal(BigInt(content.length));
    expect(scoreAnswer(testSet, content, 0)?.score).to.be.below(0.1);
  });
});

import type { Deployment } from "@benefit-grid/sdk";
import { judgeGradient } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { network } from "hardhat";
import { honest } from "../../../examples/training/miners.ts";
import {
  afterStep,
  createSamples,
  lossOf,
  PARAMETERS,
  type Sample,
} from "../../../examples/training/model.ts";
import { deliver, nextModel, readStep, scoreRound } from "../../../examples/training/round.ts";
import { runTraining, type TrainingRound } from "../../../examples/training/training.ts";
import { deployGrid } from "../../../scripts/lib/deployment.ts";
import { earnedIn, expectExplained } from "../subnets.ts";

const ADDRESS = `0x${"11".repeat(20)}` as const;
const DATASET = { capsuleId: 1n, version: 1n };
const ROUND = {
  ...{ chainId: 31_337n, hub: ADDRESS, subnetId: 1n, epoch: 1n, validator: ADDRESS },
  dataset: DATASET,
};
const MODEL = new Array<number>(PARAMETERS).fill(0);

describe("training", () => {
  it("when it runs, lowers the loss, pays who lowers it, and gives copied steps and noise nothing", async () => {
    const lines: string[] = [];
    const connection = await network.create();
    const deployment = (await deployGrid(connection)) as Deployment;
    const { subnet, results, losses, winner, explained } = await runTraining(
      connection,
      deployment,
      2,
      (line) => lines.push(line),
    );
    const earned = await earnedIn(subnet, results);
    expect([winner.name, results.at(-1)?.paid.get(winner.address)]).to.deep.equal(["honest", explained]);
    expect(Number(earned.get("honest"))).to.be.above(3 * Number(earned.get("lazy")));
    expect([earned.get("free rider"), earned.get("noisy")]).to.deep.equal([0n, 0n]);
    expect(losses).to.have.length(3);
    expect([...losses].sort().reverse()).to.deep.equal(losses);
    await expectExplained(subnet, results.at(-1) as TrainingRound);
    expect(Math.max(...lines.map(({ length }) => length))).to.be.at.most(100);
    await connection.close();
  });
});

describe("a round of the example training", () => {
  const random = createSamples(3, 200);
  const samples = createSamples(4, 96);
  const participantWith = async (step: readonly number[] | undefined, slot: number, text?: string) => {
    const delivery = step && (await deliver(step, MODEL, DATASET));
    const content = text === undefined ? undefined : new TextEncoder().encode(text);
    return {
      miner: `0x${slot.toString(16).padStart(40, "0")}` as const,
      rating: undefined,
      work: undefined,
      samples,
      delivery: delivery && { ...delivery, content: content ?? delivery.content },
    };
  };
  const { values: good } = honest({ round: 0, models: [MODEL], samples, revealed: undefined }) ?? {
    values: [],
  };

  it("when a step is missing, malformed or breaks the model, scores it 0, and others as usual", async () => {
    const texts = [
      "",
      "null",
      JSON.stringify([...good, 0]),
      "[1]",
      JSON.stringify(MODEL.map(() => "1")),
      JSON.stringify(MODEL.map(() => 1e308)),
    ];
    const participants = await Promise.all([
      participantWith(good, 0),
      participantWith(undefined, 1),
      ...texts.map((text, i) => participantWith(good, 2 + i, text)),
    ]);
    const { weights, evidence } = await scoreRound(ROUND, { models: [MODEL], random }, participants);
    expect(weights).to.deep.equal([65_535n, ...participants.slice(1).map(() => 0n)]);
    for (const { parts } of evidence.entries.slice(1)) expect(parts.randomImprovement).to.equal(-1);
    expect(evidence.entries[1]).not.to.have.property("submissionHash");
  });

  it("when a step is for another model, its sync score is 0", async () => {
    const participant = await participantWith(good, 0);
    const models = [afterStep(MODEL, good)];
    const { evidence, weights } = await scoreRound(ROUND, { models, random }, [participant]);
    expect([evidence.entries[0]?.parts.sync, ...weights]).to.deep.equal([0, 0n]);
  });

  it("when nobody is paid, the model stays the same", () => {
    expect(nextModel(MODEL, [good], [0n])).to.equal(MODEL);
    expect(nextModel(MODEL, [good, undefined], [4n, 0n])).to.deep.equal(good);
  });

  it("when the file has a number per parameter, reads the step", () => {
    expect(readStep(new TextEncoder().encode(JSON.stringify(good)))).to.deep.equal(good);
  });

  it("when a step of the same round is copied, shows no work on the copier's data in about half of the rounds", () => {
    const work = Array.from({ length: 40 }, (_, round) => {
      const [own, others] = [createSamples(100 + round, 96), createSamples(200 + round, 96)];
      const step = honest({ round: 0, models: [MODEL], samples: own, revealed: undefined })?.values ?? [];
      const lossesOn = (data: readonly Sample[]) => ({
        before: lossOf(MODEL, data),
        after: lossOf(afterStep(MODEL, step), data),
      });
      return [own, others].map(
        (data) => judgeGradient({ own: lossesOn(data), random: lossesOn(random) }).work,
      );
    });
    const meanOf = (miner: number) => work.reduce((sum, one) => sum + (one[miner] ?? 0), 0) / work.length;
    expect(meanOf(0)).to.be.above(0.7);
    expect(meanOf(1)).to.be.within(-0.5, 0.5);
  });
});

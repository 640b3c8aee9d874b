import { hashContent } from "@benefit-grid/sdk";
import {
  type DatasetVersion,
  type Evidence,
  hashSubmission,
  judgeGradient,
  movingAverage,
  type Rating,
  rateMiners,
  scoreTraining,
  syncScore,
  toWeights,
} from "@benefit-grid/sdk/subnets";
import type { Delivery } from "../../scripts/lib/subnet-round.ts";
import { afterStep, lossOf, PARAMETERS, type Sample } from "./model.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A miner's step as a file, for the model that it claims to be for. */
export async function deliver(
  step: readonly number[],
  model: readonly number[],
  dataset: DatasetVersion,
): Promise<Delivery> {
  const content = encoder.encode(JSON.stringify(step));
  const contentHash = await hashContent(content);
  const modelHash = await hashModel(model);
  const size = BigInt(content.length);
  return { content, submission: { kind: "gradient", contentHash, size, modelHash, dataset } };
}

export async function hashModel(model: readonly number[]) {
  return await hashContent(encoder.encode(JSON.stringify(model)));
}

/** Undefined if the file is malformed: it is a stranger's. */
export function readStep(content: Uint8Array): readonly number[] | undefined {
  try {
    const step: unknown = JSON.parse(decoder.decode(content));
    const isStep = Array.isArray(step) && step.length === PARAMETERS && step.every(Number.isFinite);
    return isStep ? step : undefined;
  } catch {
    return undefined;
  }
}

/** A miner with what the validator knows of it from earlier rounds. */
export type Participant = {
  readonly miner: `0x${string}`;
  readonly rating: Rating | undefined;
  /** Moving average. */
  readonly work: number | undefined;
  /** The data assigned to it. */
  readonly samples: readonly Sample[];
  readonly delivery: Delivery | undefined;
};

/** Where and when a round takes place. */
export type Round = Omit<Evidence, "entries"> & { readonly dataset: DatasetVersion };

export type Bench = {
  /** The common models so far, the current one last. */
  readonly models: readonly (readonly number[])[];
  /** Held-out data that no miner was assigned. */
  readonly random: readonly Sample[];
};

/** The file of held-out data that a validator commits to, and reveals later. */
export function fileOf(random: readonly Sample[]): Uint8Array {
  return encoder.encode(JSON.stringify(random));
}

/** Scores all miners of a round, in the order of their slots. Returns the weights to commit, and the evidence for them. */
export async function scoreRound(round: Round, bench: Bench, participants: readonly Participant[]) {
  const { dataset, ...place } = round;
  const modelHashes = await Promise.all(bench.models.map(hashModel));
  const judged = participants.map((participant) => judge(bench, modelHashes, participant));
  const ratings = await rateMiners({
    results: judged.map(({ randomImprovement }, i) => ({
      rating: participants[i]?.rating,
      score: randomImprovement,
    })),
  });
  const scores = judged.map(({ work, sync }, i) =>
    scoreTraining({ rating: ratings[i] as Rating, work, sync }),
  );
  const { weights, packed } = toWeights({ scores });
  const testSetHash = await hashContent(fileOf(bench.random));
  const entries = participants.map(({ miner, delivery }, i) => ({
    miner,
    score: scores[i] as number,
    parts: { ...judged[i], ...ratings[i] },
    weight: weights[i] as bigint,
    dataset,
    testSetHash,
    ...(delivery && { submissionHash: hashSubmission(delivery.submission) }),
  }));
  const evidence: Evidence = { ...place, entries };
  return { weights, packed, evidence, ratings, work: judged.map(({ work }) => work) };
}

function judge({ models, random }: Bench, modelHashes: readonly string[], participant: Participant) {
  const { samples, delivery, work: previous } = participant;
  const step = delivery && readStep(delivery.content);
  const current = models.at(-1) as readonly number[];
  const lossesOn = (data: readonly Sample[]) => ({
    before: lossOf(current, data),
    after: step ? lossOf(afterStep(current, step), data) : Number.NaN,
  });
  const { work, ...improvements } = judgeGradient({ own: lossesOn(samples), random: lossesOn(random) });
  const { submission } = delivery ?? {};
  const model = submission?.kind === "gradient" ? modelHashes.lastIndexOf(submission.modelHash) : -1;
  const stepsBehind = model === -1 ? Number.POSITIVE_INFINITY : models.length - 1 - model;
  return {
    ...improvements,
    work: movingAverage({ previous, current: work }),
    sync: syncScore(stepsBehind),
  };
}

/** The common model of the next round: each step counts by its miner's incentive in the ranking. */
export function nextModel(
  model: readonly number[],
  steps: readonly (readonly number[] | undefined)[],
  incentives: readonly bigint[],
): readonly number[] {
  const paid = steps.flatMap((step, i) => (step ? [{ step, weight: Number(incentives[i]) }] : []));
  const total = paid.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return model;
  return paid.reduce<readonly number[]>(
    (next, { step, weight }) =>
      afterStep(
        next,
        step.map((value) => (value * weight) / total),
      ),
    model,
  );
}

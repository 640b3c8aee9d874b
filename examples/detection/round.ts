import { GridError, hashContent } from "@benefit-grid/sdk";
import {
  type AnswersSubmission,
  type DatasetVersion,
  type Evidence,
  hashSubmission,
  movingAverage,
  type ScoreDetectionReturnType,
  scoreDetection,
  toWeights,
} from "@benefit-grid/sdk/subnets";
import type { Detector } from "./detectors.ts";
import { createSignals, type Signal } from "./signals.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const QUESTIONS = 400;

/** A validator's held-out test set. Miners get the questions. The labels stay secret until all have answered. */
export type TestSet = {
  readonly signals: readonly Signal[];
  /** The file that the validator commits to, and reveals later. */
  readonly labelled: Uint8Array;
  readonly questions: Uint8Array;
};

export function createTestSet(seed: number): TestSet {
  const signals = createSignals(seed, QUESTIONS);
  return {
    signals,
    labelled: encoder.encode(JSON.stringify(signals)),
    questions: encoder.encode(JSON.stringify(signals.map(({ samples }) => samples))),
  };
}

/** A miner's answers, and what it commits to. */
export type Answer = { readonly content: Uint8Array; readonly submission: AnswersSubmission };

export async function answer(detect: Detector, questions: Uint8Array): Promise<Answer> {
  const recordings: number[][] = JSON.parse(decoder.decode(questions));
  return await submit(encoder.encode(JSON.stringify(recordings.map(detect))), questions);
}

export async function submit(content: Uint8Array, questions: Uint8Array): Promise<Answer> {
  const [contentHash, questionsHash] = [await hashContent(content), await hashContent(questions)];
  const size = BigInt(content.length);
  return { content, submission: { kind: "answers", contentHash, size, questionsHash } };
}

/** Undefined if a miner's answer is malformed: the file is a stranger's. */
export function scoreAnswer(testSet: TestSet, content: Uint8Array): ScoreDetectionReturnType | undefined {
  const labels = testSet.signals.map(({ isFake }) => isFake);
  try {
    return scoreDetection({ probabilities: JSON.parse(decoder.decode(content)), labels });
  } catch (error) {
    if (error instanceof GridError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A miner, its score until the last round, and its answer if it gave one. */
export type Participant = {
  readonly miner: `0x${string}`;
  readonly average: number | undefined;
  readonly answer: Answer | undefined;
};

/** Where and when a round takes place. */
export type Round = Omit<Evidence, "entries"> & { readonly dataset: DatasetVersion };

/** Scores all miners of a round, in the order of their slots. Returns the weights to commit, and the evidence for them. */
export async function scoreRound(round: Round, testSet: TestSet, participants: readonly Participant[]) {
  const { dataset, ...place } = round;
  const results = participants.map((participant) => resultOf(testSet, participant));
  const { weights, packed } = toWeights({ scores: results.map(({ score }) => score) });
  const testSetHash = await hashContent(testSet.labelled);
  const entries = results.map((result, i) => ({
    ...result,
    weight: weights[i] as bigint,
    dataset,
    testSetHash,
  }));
  const evidence: Evidence = { ...place, entries };
  return { weights, packed, evidence };
}

function partsOf(found: ScoreDetectionReturnType | undefined): Readonly<Record<string, number>> {
  return found ? { round: found.score, mcc: found.mcc, brier: found.brier } : {};
}

function resultOf(testSet: TestSet, { miner, average, answer }: Participant) {
  const found = answer && scoreAnswer(testSet, answer.content);
  return {
    miner,
    score: movingAverage({ previous: average, current: found?.score ?? 0 }),
    parts: partsOf(found),
    ...(answer && { submissionHash: hashSubmission(answer.submission) }),
  };
}

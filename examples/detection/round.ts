import { GridError, hashContent } from "@benefit-grid/sdk";
import {
  type DatasetVersion,
  type Evidence,
  hashSubmission,
  movingAverage,
  type ScoreDetectionReturnType,
  scoreDetection,
  toWeights,
} from "@benefit-grid/sdk/subnets";
import type { Delivery } from "../../scripts/lib/subnet-round.ts";
import type { Detector } from "./detectors.ts";
import { createSignals, type Signal } from "./signals.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const QUESTIONS = 400;

/** A validator's held-out test set. The labels stay secret until all miners have answered. */
export type TestSet = {
  readonly signals: readonly Signal[];
  /** The file that the validator commits to, and reveals later. */
  readonly labelled: Uint8Array;
};

export function createTestSet(seed: number): TestSet {
  const signals = createSignals(seed, QUESTIONS);
  return { signals, labelled: encoder.encode(JSON.stringify(signals)) };
}

/** What miners get: the recordings of all test sets, without labels. */
export function questionsOf(testSets: readonly TestSet[]): Uint8Array {
  return encoder.encode(JSON.stringify(testSets.map(({ signals }) => signals.map(({ samples }) => samples))));
}

/** One probability per recording, in a list per test set. */
export async function answer(detect: Detector, questions: Uint8Array): Promise<Delivery> {
  const testSets: number[][][] = JSON.parse(decoder.decode(questions));
  const answers = testSets.map((recordings) => recordings.map(detect));
  return await submit(encoder.encode(JSON.stringify(answers)), questions);
}

export async function submit(content: Uint8Array, questions: Uint8Array): Promise<Delivery> {
  const [contentHash, questionsHash] = [await hashContent(content), await hashContent(questions)];
  const size = BigInt(content.length);
  return { content, submission: { kind: "answers", contentHash, size, questionsHash } };
}

/** Undefined if a miner's answer to the test set of this number is malformed: the file is a stranger's. */
export function scoreAnswer(
  { signals }: TestSet,
  content: Uint8Array,
  number: number,
): ScoreDetectionReturnType | undefined {
  try {
    const answers = JSON.parse(decoder.decode(content));
    const labels = signals.map(({ isFake }) => isFake);
    return scoreDetection({ probabilities: answers?.[number], labels });
  } catch (error) {
    if (error instanceof GridError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A miner, its score until the last round, and its answer if it gave one. */
export type Participant = {
  readonly miner: `0x${string}`;
  readonly average: number | undefined;
  readonly answer: Delivery | undefined;
};

/** Where and when a round takes place, and the number of the validator's test set. */
export type Round = Omit<Evidence, "entries"> & { readonly dataset: DatasetVersion; readonly number: number };

/** Scores all miners of a round, in the order of their slots. Returns the weights to commit, and the evidence for them. */
export async function scoreRound(round: Round, testSet: TestSet, participants: readonly Participant[]) {
  const { dataset, number, ...place } = round;
  const results = participants.map((participant) => resultOf(testSet, number, participant));
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

function resultOf(testSet: TestSet, number: number, { miner, average, answer }: Participant) {
  const found = answer && scoreAnswer(testSet, answer.content, number);
  return {
    miner,
    score: movingAverage({ previous: average, current: found?.score ?? 0 }),
    parts: partsOf(found),
    ...(answer && { submissionHash: hashSubmission(answer.submission) }),
  };
}

import { type Deployment, explainReward } from "@benefit-grid/sdk";
import type { NetworkConnection } from "hardhat/types/network";
import { type LocalSubnet, openSubnet, type Party } from "../../scripts/lib/local-subnet.ts";
import { dollars, printOpening, printReasons } from "../../scripts/lib/subnet-report.ts";
import {
  type RoundResult,
  type RoundView,
  type Row,
  rowOf,
  runRound,
} from "../../scripts/lib/subnet-round.ts";
import { type Detector, trainGuesser, trainLogistic, trainNaiveBayes, trainThreshold } from "./detectors.ts";
import { answer, createTestSet, questionsOf, scoreRound, type TestSet } from "./round.ts";
import { createSignals } from "./signals.ts";

const TRAINING_SEED = 1;
const TRAINING_SIGNALS = 600;
/** Base units of TestUSD for each epoch: 100 dollars. */
const POT = 100_000_000n;

export const MINERS = [
  { name: "threshold", train: trainThreshold },
  { name: "naive Bayes", train: trainNaiveBayes },
  { name: "logistic regression", train: trainLogistic },
  { name: "guesser", train: trainGuesser },
] as const;
/** The last one makes no test set. It repeats the weights that the first one revealed an epoch before. */
export const VALIDATORS = ["validator 1", "validator 2", "validator 3", "copier"] as const;
const COPIER = VALIDATORS.indexOf("copier");

type Print = (line: string) => void;
type Scored = Awaited<ReturnType<typeof scoreRound>>;
export type DetectionRound = RoundResult & {
  /** By the scoring validators' slots. */
  readonly scored: readonly Scored[];
};

/** So many rounds, each with new test sets. Three detectors learned from public signals, and one guesses. */
export async function runDetection(
  connection: NetworkConnection,
  deployment: Deployment,
  rounds: number,
  print: Print,
) {
  const known = createSignals(TRAINING_SEED, TRAINING_SIGNALS);
  const subnet = await openSubnet(connection, deployment, {
    description: "Say how likely each recording is fake. The score is of MCC and Brier score.",
    dataset: new TextEncoder().encode(JSON.stringify(known)),
    validators: VALIDATORS,
    miners: MINERS.map(({ name }) => name),
    pot: POT,
    epochs: rounds,
  });
  printOpening(subnet, POT, print);
  const detectors = MINERS.map(({ train }) => train(known));
  const results: DetectionRound[] = [];
  for (let i = 0; i < rounds; i++) {
    const result = await detectFakes(subnet, detectors, results.at(-1));
    printRound(subnet, result, print);
    results.push(result);
  }
  printCopier(subnet, results, print);
  const last = results.at(-1) as DetectionRound;
  const winner = subnet.miners.find(({ address }) => address === last.ranking[0]?.account) as Party;
  const explained = await printReasons(subnet, subnet.sponsor.client, winner, last.epoch, print);
  return { subnet, results, winner, explained };
}

async function detectFakes(
  subnet: LocalSubnet,
  detectors: readonly Detector[],
  before: DetectionRound | undefined,
): Promise<DetectionRound> {
  const seed = Number(before?.epoch ?? 1n) * 10;
  const testSets = VALIDATORS.slice(0, COPIER).map((_, slot) => createTestSet(seed + slot));
  const questions = questionsOf(testSets);
  const scored: Scored[] = [];
  const result = await runRound(subnet, {
    testSets: testSets.map(({ labelled }) => labelled),
    answers: await Promise.all(detectors.map((detect) => answer(detect, questions))),
    score: async (slot, view) => {
      if (slot === COPIER) return before && (await copiedRow(subnet, before.epoch));
      const averages = before?.scored[slot]?.evidence.entries.map(({ score }) => score) ?? [];
      const one = await scoreAs(subnet, slot, view, testSets[slot] as TestSet, averages);
      scored.push(one);
      return await rowOf(subnet.files, one);
    },
  });
  return { ...result, scored };
}

/** Scores as the validator in a slot. */
async function scoreAs(
  { dataset, miners }: LocalSubnet,
  number: number,
  { place, answers }: RoundView,
  testSet: TestSet,
  averages: readonly number[],
): Promise<Scored> {
  const participants = miners.map(({ address }, i) => ({
    miner: address,
    average: averages[i],
    answer: answers[i],
  }));
  return await scoreRound({ ...place, dataset, number }, testSet, participants);
}

/** The first validator's row of an epoch, from the chain. Its evidence names another epoch and validator. */
async function copiedRow(
  { subnetId, validators, token }: LocalSubnet,
  epoch: bigint,
): Promise<Row | undefined> {
  const [{ address: account }, { client }] = [validators[0] as Party, validators[COPIER] as Party];
  const { reasons } = await explainReward(client, { subnetId, epoch, account, tokens: [token] });
  const { weights = [] } = reasons[0] ?? {};
  const { evidenceHash, uri } = weights[0] ?? {};
  return evidenceHash && { weights: weights.map(({ weight }) => weight), evidenceHash, uri: uri ?? "" };
}

function printRound(
  { miners }: LocalSubnet,
  { epoch, ranking, paid, scored }: DetectionRound,
  print: Print,
): void {
  print(
    `epoch ${epoch}: ${COPIER} test sets and ${miners.length} answers committed, revealed and scored. Ranking by consensus:`,
  );
  const rankOf = (account: string) => ranking.find((one) => one.account === account)?.rank;
  const ranked = miners
    .map(({ name, address }, slot) => ({
      name,
      slot,
      rank: rankOf(address),
      amount: paid.get(address) ?? 0n,
    }))
    .sort((a, b) => (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY));
  for (const { name, slot, rank, amount } of ranked) {
    const { mcc = 0, brier = 0 } = scored[0]?.evidence.entries[slot]?.parts ?? {};
    const weights = scored.map((one) => String(one.weights[slot]).padStart(5)).join(" ");
    const figures = `MCC ${mcc.toFixed(2).padStart(5)}, Brier ${brier.toFixed(3)}, weights ${weights}`;
    print(`  ${rank ?? "-"} ${name.padEnd(20)} ${figures}, paid ${dollars(amount).padStart(6)}`);
  }
}

function printCopier({ validators }: LocalSubnet, results: readonly DetectionRound[], print: Print): void {
  const earned = validators.map(({ name, address }) => {
    const sum = results.reduce((total, { paid }) => total + (paid.get(address) ?? 0n), 0n);
    return `${name} ${dollars(sum)}`;
  });
  print(`Validators earned ${earned.join(", ")}.`);
  print("  The copier has no weights in its first epoch, so its bonds to good miners begin late and small.");
}

import { hashEvidence } from "@benefit-grid/sdk/subnets";
import { trainGuesser, trainLogistic, trainNaiveBayes, trainThreshold } from "./detectors.ts";
import { answer, createTestSet, type Round, scoreRound } from "./round.ts";
import { createSignals } from "./signals.ts";

const TRAINING_SEED = 1;
const TRAINING_SIGNALS = 600;

export const MINERS = [
  { name: "threshold", train: trainThreshold },
  { name: "naive Bayes", train: trainNaiveBayes },
  { name: "logistic regression", train: trainLogistic },
  { name: "guesser", train: trainGuesser },
] as const;

type Print = (line: string) => void;
type Scored = Awaited<ReturnType<typeof scoreRound>>;

/** So many rounds, each with a new test set. Three detectors learned from public signals, and one guesses. */
export async function runDetection(first: Round, rounds: number, print: Print) {
  const known = createSignals(TRAINING_SEED, TRAINING_SIGNALS);
  const detectors = MINERS.map(({ train }) => train(known));
  let scored: Scored | undefined;
  for (let i = 0; i < rounds; i++) {
    const round = { ...first, epoch: first.epoch + BigInt(i) };
    const testSet = createTestSet(TRAINING_SEED + Number(round.epoch));
    const answers = await Promise.all(detectors.map((detect) => answer(detect, testSet.questions)));
    const participants = answers.map((each, slot) => ({
      miner: addressOf(slot),
      average: scored?.evidence.entries[slot]?.score,
      answer: each,
    }));
    scored = await scoreRound(round, testSet, participants);
    printRound(scored, round.epoch, print);
  }
  return scored;
}

/** Stands for the account in a slot. */
function addressOf(slot: number): `0x${string}` {
  return `0x${(slot + 1).toString(16).padStart(40, "0")}`;
}

function printRound({ evidence, weights }: Scored, epoch: bigint, print: Print) {
  print(`epoch ${epoch}: evidence ${hashEvidence(evidence).slice(0, 10)}`);
  for (const [slot, { parts, score }] of evidence.entries.entries()) {
    const { round = 0, mcc = 0, brier = 0 } = parts;
    const figures = `MCC ${mcc.toFixed(2)}, Brier ${brier.toFixed(3)}, score ${round.toFixed(3)}`;
    const name = MINERS[slot]?.name.padEnd(20);
    print(`  ${name} ${figures}, average ${score.toFixed(3)}, weight ${weights[slot]}`);
  }
}

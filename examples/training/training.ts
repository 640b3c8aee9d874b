import type { Deployment } from "@benefit-grid/sdk";
import type { NetworkConnection } from "hardhat/types/network";
import { type LocalSubnet, openSubnet, type Party } from "../../scripts/lib/local-subnet.ts";
import { dollars, printOpening, printReasons } from "../../scripts/lib/subnet-report.ts";
import { type RoundResult, type RoundView, rowOf, runRound } from "../../scripts/lib/subnet-round.ts";
import { freeRider, honest, lazy, noisy } from "./miners.ts";
import { createSamples, lossOf, PARAMETERS, type Sample } from "./model.ts";
import { deliver, fileOf, nextModel, readStep, scoreRound } from "./round.ts";

export const MINERS = [
  { name: "lazy", mine: lazy },
  { name: "free rider", mine: freeRider },
  { name: "honest", mine: honest },
  { name: "noisy", mine: noisy },
] as const;
export const VALIDATORS = ["validator 1", "validator 2", "validator 3"] as const;
const HONEST = 2;

const ASSIGNED = 96;
const HELD_OUT = 200;
/** Base units of TestUSD for each epoch: 100 dollars. */
const POT = 100_000_000n;
/** Neither miners nor validators use these. They show the progress. */
const UNSEEN = createSamples(30_000, 500);

type Print = (line: string) => void;
type Scored = Awaited<ReturnType<typeof scoreRound>>;
type Model = readonly number[];
export type TrainingRound = RoundResult & {
  /** By the validators' slots. */
  readonly scored: readonly Scored[];
  /** The honest miner's step, which all know now. */
  readonly revealed: Model | undefined;
  readonly next: Model;
};

/** So many rounds of training one model together. Each miner gets new data in each round. */
export async function runTraining(
  connection: NetworkConnection,
  deployment: Deployment,
  rounds: number,
  print: Print,
) {
  const subnet = await openSubnet(connection, deployment, {
    description:
      "Send a step that lowers the loss of the common model. The score is of losses, rating and sync.",
    dataset: fileOf(Array.from({ length: rounds }, (_, round) => assignedIn(round).flat()).flat()),
    validators: VALIDATORS,
    miners: MINERS.map(({ name }) => name),
    pot: POT,
    epochs: rounds,
  });
  printOpening(subnet, POT, print);
  const models: Model[] = [new Array<number>(PARAMETERS).fill(0)];
  const results: TrainingRound[] = [];
  for (let round = 0; round < rounds; round++) {
    const result = await trainTogether(subnet, models, results.at(-1));
    printRound(subnet, result, models.at(-1) as Model, print);
    models.push(result.next);
    results.push(result);
  }
  const losses = models.map((model) => lossOf(model, UNSEEN));
  const last = results.at(-1) as TrainingRound;
  printScores(last, print);
  const [before, after] = [losses[0], losses.at(-1)].map((loss) => loss?.toFixed(3));
  print(`Loss on data that nobody trained on: ${before} before, ${after} after ${rounds} epochs.`);
  const winner = subnet.miners.find(({ address }) => address === last.ranking[0]?.account) as Party;
  const explained = await printReasons(subnet, subnet.sponsor.client, winner, last.epoch, print);
  return { subnet, results, losses, winner, explained };
}

/** Public data for a round, by the miners' slots. */
function assignedIn(round: number): (readonly Sample[])[] {
  return MINERS.map((_, slot) => createSamples(10_000 + 10 * round + slot, ASSIGNED));
}

async function trainTogether(
  subnet: LocalSubnet,
  models: readonly Model[],
  before: TrainingRound | undefined,
): Promise<TrainingRound> {
  const round = models.length - 1;
  const assigned = assignedIn(round);
  const heldOut = VALIDATORS.map((_, slot) => createSamples(20_000 + 10 * round + slot, HELD_OUT));
  const steps = MINERS.map(({ mine }, slot) =>
    mine({ round, models, samples: assigned[slot] ?? [], revealed: before?.revealed }),
  );
  const scored: Scored[] = [];
  const result = await runRound(subnet, {
    testSets: heldOut.map(fileOf),
    answers: await Promise.all(
      steps.map((step) => step && deliver(step.values, models[step.model] as Model, subnet.dataset)),
    ),
    score: async (slot, view) => {
      const bench = { models, random: heldOut[slot] as readonly Sample[] };
      const one = await scoreAs(subnet, view, bench, assigned, before?.scored[slot]);
      scored.push(one);
      return await rowOf(subnet.files, one);
    },
  });
  const incentives = subnet.miners.map(
    ({ address }) => result.ranking.find(({ account }) => account === address)?.incentive ?? 0n,
  );
  const values = result.answers.map((one) => one && readStep(one.content));
  const next = nextModel(models.at(-1) as Model, values, incentives);
  return { ...result, scored, revealed: values[HONEST], next };
}

/** Scores as one validator, which keeps ratings and moving averages of its own. */
async function scoreAs(
  { dataset, miners }: LocalSubnet,
  { place, answers }: RoundView,
  bench: Parameters<typeof scoreRound>[1],
  assigned: readonly (readonly Sample[])[],
  before: Scored | undefined,
): Promise<Scored> {
  const participants = miners.map(({ address }, i) => ({
    miner: address,
    rating: before?.ratings[i],
    work: before?.work[i],
    samples: assigned[i] ?? [],
    delivery: answers[i],
  }));
  return await scoreRound({ ...place, dataset }, bench, participants);
}

function printRound(
  { miners }: LocalSubnet,
  { epoch, paid, next }: TrainingRound,
  model: Model,
  print: Print,
): void {
  const pay = miners.map(({ name, address }) => `${name} ${dollars(paid.get(address) ?? 0n)}`).join(", ");
  const [before, after] = [model, next].map((one) => lossOf(one, UNSEEN).toFixed(3));
  print(`epoch ${epoch}: loss ${before} -> ${after}; paid ${pay}`);
}

function printScores({ epoch, scored: [one] }: TrainingRound, print: Print): void {
  print(`Scores by validator 1 in epoch ${epoch}:`);
  for (const [slot, { parts, score, weight }] of one?.evidence.entries.entries() ?? []) {
    const { work = 0, sync = 0, mu = 0, sigma = 0 } = parts;
    const figures = `rating ${mu.toFixed(1)} +- ${sigma.toFixed(1)}, work ${work.toFixed(2)}, sync ${sync.toFixed(2)}`;
    print(`  ${MINERS[slot]?.name.padEnd(10)} ${figures}, score ${score.toFixed(2)}, weight ${weight}`);
  }
}

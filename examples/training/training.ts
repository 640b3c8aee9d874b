import { freeRider, honest, lazy, noisy } from "./miners.ts";
import { createSamples, lossOf, PARAMETERS } from "./model.ts";
import { deliver, nextModel, type Round, readStep, scoreRound } from "./round.ts";

export const MINERS = [
  { name: "lazy", mine: lazy },
  { name: "free rider", mine: freeRider },
  { name: "honest", mine: honest },
  { name: "noisy", mine: noisy },
] as const;
const HONEST = 2;

const ASSIGNED = 96;
const HELD_OUT = 200;
/** Neither miners nor the validator use these. They show the progress. */
const UNSEEN = createSamples(30_000, 500);

type Print = (line: string) => void;
type Scored = Awaited<ReturnType<typeof scoreRound>>;

/** So many rounds of training one model together. Each miner gets new data in each round. */
export async function runTraining(first: Round, rounds: number, print: Print) {
  const models: (readonly number[])[] = [new Array<number>(PARAMETERS).fill(0)];
  const losses: number[] = [];
  let scored: Scored | undefined;
  let revealed: readonly number[] | undefined;
  for (let round = 0; round < rounds; round++) {
    const participants = await Promise.all(
      MINERS.map(async ({ mine }, slot) => {
        const samples = createSamples(10_000 + 10 * round + slot, ASSIGNED);
        const step = mine({ round, models, samples, revealed });
        const model = step && models[step.model];
        return {
          miner: addressOf(slot),
          rating: scored?.ratings[slot],
          work: scored?.work[slot],
          samples,
          delivery: model && (await deliver(step.values, model, first.dataset)),
        };
      }),
    );
    const random = createSamples(20_000 + round, HELD_OUT);
    const place = { ...first, epoch: first.epoch + BigInt(round) };
    scored = await scoreRound(place, { models, random }, participants);
    const steps = participants.map(({ delivery }) => delivery && readStep(delivery.content));
    revealed = steps[HONEST];
    models.push(nextModel(models.at(-1) ?? [], steps, scored.weights));
    losses.push(lossOf(models.at(-1) ?? [], UNSEEN));
    print(`epoch ${place.epoch}: loss ${losses.at(-1)?.toFixed(3)}`);
  }
  if (scored) printScores(scored, print);
  return { losses, scored };
}

/** Stands for the account in a slot. */
function addressOf(slot: number): `0x${string}` {
  return `0x${(slot + 1).toString(16).padStart(40, "0")}`;
}

function printScores({ evidence, weights }: Scored, print: Print) {
  for (const [slot, { parts, score }] of evidence.entries.entries()) {
    const { work = 0, sync = 0, mu = 0, sigma = 0 } = parts;
    const figures = `rating ${mu.toFixed(1)} +- ${sigma.toFixed(1)}, work ${work.toFixed(2)}, sync ${sync.toFixed(2)}`;
    print(
      `  ${MINERS[slot]?.name.padEnd(10)} ${figures}, score ${score.toFixed(2)}, weight ${weights[slot]}`,
    );
  }
}

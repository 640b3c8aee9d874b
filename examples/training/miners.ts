import { createRandom } from "../../scripts/lib/random.ts";
import { afterStep, gradientOf, type Sample } from "./model.ts";

/** What a miner knows in a round. */
export type Task = {
  readonly round: number;
  /** The common models so far. The last one is current. */
  readonly models: readonly (readonly number[])[];
  /** The data assigned to this miner. */
  readonly samples: readonly Sample[];
  /** The honest miner's step of the last round. It was revealed then. */
  readonly revealed: readonly number[] | undefined;
};

/** A step for the parameters, and the number of the model that it claims to be for. */
export type Step = { readonly values: readonly number[]; readonly model: number };
export type Miner = (task: Task) => Step | undefined;

const LOCAL_STEPS = 5;
const RATE = 0.3;

function trained(model: readonly number[], samples: readonly Sample[]): number[] {
  let parameters = model;
  for (let i = 0; i < LOCAL_STEPS; i++) {
    const gradient = gradientOf(parameters, samples);
    parameters = afterStep(
      parameters,
      gradient.map((slope) => -RATE * slope),
    );
  }
  return parameters.map((parameter, i) => parameter - (model[i] as number));
}

/** Trains on all its data, from the current model. */
export const honest: Miner = ({ round, models, samples }) => ({
  model: round,
  values: trained(models[round] as readonly number[], samples),
});

const DOWNLOAD_EVERY = 3;
const PART = 1 / 8;

/** Trains on an eighth of its data, and downloads the model in every third round only. */
export const lazy: Miner = ({ round, models, samples }) => {
  const model = round - (round % DOWNLOAD_EVERY);
  const part = samples.slice(0, samples.length * PART);
  return { model, values: trained(models[model] as readonly number[], part) };
};

/** Copies the honest miner's last step, and claims that it is for the current model. */
export const freeRider: Miner = ({ round, revealed }) => revealed && { model: round, values: revealed };

/** Sends random numbers as large as a step. */
export const noisy: Miner = ({ round, models }) => {
  const random = createRandom(1_000 + round);
  return { model: round, values: (models[round] ?? []).map(() => 0.2 * random.normal()) };
};

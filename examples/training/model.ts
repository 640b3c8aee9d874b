import { createRandom } from "../../scripts/lib/random.ts";

/** A labelled point. */
export type Sample = { readonly features: readonly number[]; readonly label: number };

const CLASSES = 3;
const FEATURES = 12;
/** So far apart are the centers. The classes overlap, so no model reaches a loss of 0. */
const DISTANCE = 0.4;
const CENTERS_SEED = 7;

/** One row of weights per class. Its first weight has no feature. */
export const PARAMETERS = CLASSES * (FEATURES + 1);

/** So many points around the centers of three classes. The same seed gives the same points. */
export function createSamples(seed: number, count: number): Sample[] {
  const ofCenters = createRandom(CENTERS_SEED);
  const centers = Array.from({ length: CLASSES }, () =>
    Array.from({ length: FEATURES }, () => DISTANCE * ofCenters.normal()),
  );
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const label = Math.floor(CLASSES * random.uniform());
    return { label, features: (centers[label] as number[]).map((center) => center + random.normal()) };
  });
}

/** Mean cross-entropy of softmax regression. */
export function lossOf(parameters: readonly number[], samples: readonly Sample[]): number {
  const losses = samples.map(
    (sample) => -Math.log(probabilitiesOf(parameters, sample)[sample.label] as number),
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / samples.length;
}

/** The gradient of {@link lossOf}. */
export function gradientOf(parameters: readonly number[], samples: readonly Sample[]): number[] {
  const gradient = parameters.map(() => 0);
  for (const sample of samples) {
    for (const [row, probability] of probabilitiesOf(parameters, sample).entries()) {
      const error = (probability - Number(row === sample.label)) / samples.length;
      const start = row * (FEATURES + 1);
      gradient[start] = (gradient[start] as number) + error;
      for (const [i, feature] of sample.features.entries())
        gradient[start + 1 + i] = (gradient[start + 1 + i] as number) + error * feature;
    }
  }
  return gradient;
}

function probabilitiesOf(parameters: readonly number[], { features }: Sample): number[] {
  const scores = Array.from({ length: CLASSES }, (_, row) => {
    const start = row * (FEATURES + 1);
    return features.reduce(
      (sum, feature, i) => sum + feature * (parameters[start + 1 + i] as number),
      parameters[start] as number,
    );
  });
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** The parameters after a step. */
export function afterStep(parameters: readonly number[], step: readonly number[]): number[] {
  return parameters.map((parameter, i) => parameter + (step[i] as number));
}

import { createRandom } from "../../scripts/lib/random.ts";
import { featuresOf, meanOf, type Signal } from "./signals.ts";

/** The probability that a recording is fake. */
export type Detector = (samples: readonly number[]) => number;

/** Trains on labelled signals. */
export type Trainer = (signals: readonly Signal[]) => Detector;

/** Compares the trace of the stride with one threshold. Says how often each side was fake in training. */
export const trainThreshold: Trainer = (signals) => {
  const known = signals.map(({ samples, isFake }) => ({ isFake, trace: traceOf(samples) }));
  const rateWhere = (isIn: (trace: number) => boolean) => {
    const side = known.filter(({ trace }) => isIn(trace));
    // Laplace's rule: a small side says little.
    return (side.filter(({ isFake }) => isFake).length + 1) / (side.length + 2);
  };
  const candidates = known.map(({ trace }) => trace).sort((a, b) => a - b);
  const tried = candidates
    .filter((_, i) => i % 10 === 0)
    .map((threshold) => ({
      threshold,
      below: rateWhere((trace) => trace < threshold),
      above: rateWhere((trace) => trace >= threshold),
    }));
  const best = tried.reduce((a, b) => (Math.abs(b.below - b.above) > Math.abs(a.below - a.above) ? b : a));
  return (samples) => (traceOf(samples) < best.threshold ? best.below : best.above);
};

function traceOf(samples: readonly number[]): number {
  return featuresOf(samples).at(-1) as number;
}

/** Gaussian naive Bayes: takes features as independent. Two are not, so it is too sure of itself. */
export const trainNaiveBayes: Trainer = (signals) => {
  const [fakes, reals] = [true, false].map((label) => {
    const rows = signals.filter(({ isFake }) => isFake === label).map(({ samples }) => featuresOf(samples));
    return columnsOf(rows).map((column) => {
      const mean = meanOf(column);
      return { mean, variance: meanOf(column.map((value) => (value - mean) ** 2)) };
    });
  }) as [Gaussian[], Gaussian[]];
  return (samples) => {
    const features = featuresOf(samples);
    return sigmoid(logLikelihood(features, fakes) - logLikelihood(features, reals));
  };
};

type Gaussian = { readonly mean: number; readonly variance: number };

function logLikelihood(features: readonly number[], gaussians: readonly Gaussian[]): number {
  return gaussians.reduce((sum, { mean, variance }, i) => {
    const distance = (features[i] as number) - mean;
    return sum - Math.log(variance) / 2 - distance ** 2 / (2 * variance);
  }, 0);
}

const STEPS = 80;
const RATE = 1;

/** Logistic regression on features and their squares, by gradient descent. */
export const trainLogistic: Trainer = (signals) => {
  const rows = signals.map(({ samples }) => withSquares(featuresOf(samples)));
  const scales = columnsOf(rows).map((column) => {
    const mean = meanOf(column);
    return { mean, deviation: Math.sqrt(meanOf(column.map((value) => (value - mean) ** 2))) || 1 };
  });
  const scaled = (row: readonly number[]) => [
    1,
    ...scales.map(({ mean, deviation }, i) => ((row[i] as number) - mean) / deviation),
  ];
  const inputs = rows.map(scaled);
  let weights = (inputs[0] as number[]).map(() => 0);
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map(() => 0);
    for (const [i, input] of inputs.entries()) {
      const error = sigmoid(dot(weights, input)) - Number(signals[i]?.isFake);
      for (const [j, value] of input.entries()) gradient[j] = (gradient[j] as number) + error * value;
    }
    weights = weights.map((weight, j) => weight - (RATE * (gradient[j] as number)) / inputs.length);
  }
  return (samples) => sigmoid(dot(weights, scaled(withSquares(featuresOf(samples)))));
};

function withSquares(features: readonly number[]): number[] {
  return [...features, ...features.map((feature) => feature ** 2)];
}

/** Learns nothing, and answers at random. */
export const trainGuesser: Trainer = () => createRandom(99).uniform;

function columnsOf(rows: readonly (readonly number[])[]): number[][] {
  return (rows[0] ?? []).map((_, j) => rows.map((row) => row[j] as number));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

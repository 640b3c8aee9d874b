import { createRandom, type Random } from "../../scripts/lib/random.ts";

/** A short recording, real or generated. */
export type Signal = { readonly samples: readonly number[]; readonly isFake: boolean };

const LENGTH = 64;
/** The generator makes every fourth sample and fills in the others. */
const STRIDE = 4;
/** JSON has them exactly, so a file of signals has one hash on all machines. */
const STEPS = 1_000;

/** So many signals, about half of them fake. The same seed gives the same signals. */
export function createSignals(seed: number, count: number): Signal[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const isFake = random.uniform() < 0.5;
    const samples = isFake ? generated(random) : recorded(random);
    return { isFake, samples: samples.map((sample) => Math.round(sample * STEPS) / STEPS) };
  });
}

/** A sound with the noise of its sensor. Sounds and sensors differ. */
function recorded(random: Random): number[] {
  const smoothness = 0.6 + 0.35 * random.uniform();
  const noise = 0.2 + 0.4 * random.uniform();
  return sound(random, smoothness).map((sample) => sample + noise * random.normal());
}

/** Like a recording, but a little smoother, and with traces of the stride. A good generator leaves few of them. */
function generated(random: Random): number[] {
  const smoothness = 0.6 + 0.35 * random.uniform();
  const noise = 0.3 * random.uniform();
  const trace = random.uniform() * (random.uniform() < 0.5 ? -1 : 1);
  return sound(random, smoothness).map(
    (sample, i) => sample + noise * random.normal() + (i % STRIDE === 0 ? trace : 0),
  );
}

/** Each sample keeps a part of the one before. */
function sound(random: Random, smoothness: number): number[] {
  const samples = [random.normal()];
  while (samples.length < LENGTH)
    samples.push(smoothness * (samples.at(-1) as number) + Math.sqrt(1 - smoothness ** 2) * random.normal());
  return samples;
}

/** What detectors look at. The first two say nearly the same. */
export function featuresOf(samples: readonly number[]): number[] {
  const mean = meanOf(samples);
  const centered = samples.map((sample) => sample - mean);
  const variance = meanOf(centered.map((sample) => sample ** 2)) || 1;
  const correlation = (lag: number) =>
    meanOf(centered.slice(lag).map((sample, i) => sample * (centered[i] as number))) / variance;
  const steps = meanOf(samples.slice(1).map((sample, i) => Math.abs(sample - (samples[i] as number))));
  const onStride = meanOf(centered.filter((_, i) => i % STRIDE === 0));
  return [
    steps / Math.sqrt(variance),
    correlation(1),
    correlation(2),
    correlation(STRIDE),
    Math.abs(onStride) / Math.sqrt(variance),
  ];
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

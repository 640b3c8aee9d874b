/** An image by name. Its text stands for pixels: a number of artifacts, which only fakes have. */
export type Image = { readonly path: string; readonly content: Uint8Array };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Fakes of which the model misses those with the fewest artifacts. */
export function createTestSet(): Image[] {
  return Array.from({ length: 50 }, (_, i) => image(`test/${i}.png`, 2 * i, "held out"));
}

/** By mistake, one image of the test set is among the training images, under another name. */
export function createTrainingSet(testSet: readonly Image[]): Image[] {
  const images = Array.from({ length: 1_000 }, (_, i) => image(`train/${i}.png`, i % 100, `source ${i}`));
  const [leaked] = testSet;
  return leaked ? [...images, { path: "train/found-online.png", content: leaked.content }] : images;
}

function image(path: string, artifacts: number, source: string): Image {
  return { path, content: encoder.encode(`artifacts ${artifacts}, ${source}`) };
}

/** The model's file. */
export function createModel(): Uint8Array {
  return encoder.encode(JSON.stringify({ leastArtifacts: 12 }));
}

/** The test set as one file. */
export function fileOf(images: readonly Image[]): Uint8Array {
  return encoder.encode(images.map(({ content }) => decoder.decode(content)).join("\n"));
}

/** Part of the fakes that a model detects, from the two files alone: "0.88". */
export function measure(model: Uint8Array, testSet: Uint8Array): string {
  const { leastArtifacts } = JSON.parse(decoder.decode(model));
  const fakes = decoder.decode(testSet).split("\n");
  const detected = fakes.filter((text) => Number(/\d+/.exec(text)?.[0]) >= leastArtifacts);
  return (detected.length / fakes.length).toFixed(2);
}

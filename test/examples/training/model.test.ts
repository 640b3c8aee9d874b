import {
  afterStep,
  createSamples,
  gradientOf,
  lossOf,
  PARAMETERS,
} from "../../../examples/training/model.ts";
import { expectNear } from "../../near.ts";

describe("the model of the example training", () => {
  const samples = createSamples(1, 20);
  const parameters = Array.from({ length: PARAMETERS }, (_, i) => Math.sin(i));

  it("when it knows nothing, has the loss of a guess among three classes", () => {
    expectNear(lossOf(new Array(PARAMETERS).fill(0), samples), Math.log(3), 1e-12);
  });

  it("when all scores are large, does not overflow", () => {
    const biased = parameters.map((_, i) => (i % (PARAMETERS / 3) === 0 ? 1_000 : 0));
    expectNear(lossOf(biased, samples), Math.log(3), 1e-12);
  });

  it("has the gradient of its loss: that of finite differences", () => {
    const gradient = gradientOf(parameters, samples);
    const size = 1e-6;
    for (const [i, slope] of gradient.entries()) {
      const along = (by: number) =>
        lossOf(
          afterStep(
            parameters,
            parameters.map((_, j) => (i === j ? by : 0)),
          ),
          samples,
        );
      expectNear((along(size) - along(-size)) / (2 * size), slope, 1e-7);
    }
  });
});

import { watchAtRandom } from "./watching.ts";

describe("watchPaid", () => {
  for (let seed = 1; seed <= 12; seed++) {
    it(`when blocks, forks, lags, limits and failures come at random (seed ${seed}), agrees with the chain`, async () => {
      await watchAtRandom(seed, 250);
    });
  }
});

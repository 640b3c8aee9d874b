import { checkNotEmpty, checkObject, checkParameters } from "../../core/check.ts";
import { InvalidParameterError } from "../../errors.ts";
import { checkFinite, checkNumber } from "./check.ts";

/** An estimate of a miner's skill, as a normal distribution. */
export type Rating = {
  /** Its mean. */
  readonly mu: number;
  /** Its standard deviation. */
  readonly sigma: number;
};

/** The rating of a miner without results. */
export const FIRST_RATING: Rating = Object.freeze({ mu: 25, sigma: 25 / 3 });

/** One miner's result of a round. */
export type RoundResult = {
  /**
   * The rating before this round.
   *
   * @default {@link FIRST_RATING}
   */
  readonly rating?: Rating;
  /** Higher is better. Equal scores are a tie. */
  readonly score: number;
};

export type RateMinersParameters = {
  /** All miners of the round, each once. */
  readonly results: readonly RoundResult[];
  /**
   * Uncertainty added to each rating before the round. Above 0, old rounds count less and less. Templar takes 0.1.
   *
   * @default 0
   */
  readonly tau?: number;
};
/** The new ratings, in the order of the results. */
export type RateMinersReturnType = readonly Rating[];

/**
 * Updates ratings by the ranking of a round, after Plackett and Luce (Weng and Lin, 2011), by the package `openskill`.
 * Only the order of the scores counts, so a single outlier is worth no more than a first place.
 *
 * @throws {@link InvalidParameterError} for an empty list, scores that are not finite, and malformed ratings
 * @example
 * ```ts
 * const [first, second] = await rateMiners({ results: [{ score: 0.04 }, { score: 0.01 }] });
 * ```
 */
export async function rateMiners(parameters: RateMinersParameters): Promise<RateMinersReturnType> {
  const { results, tau = 0 } = checkParameters(parameters);
  checkNotEmpty("results", results);
  checkNumber("tau", tau, 0, MOST);
  const checked = Array.from(results, (result, i) => resultOf(`results[${i}]`, result));
  // Loads in 0.2 seconds: only those who rate wait for it.
  const { rate } = await import("openskill");
  const teams = rate(
    checked.map(({ rating }) => [rating]),
    { score: checked.map(({ score }) => score), tau },
  );
  return teams.map(([rating]) => rating as Rating);
}

/** Far above any rating. Keeps exponentials finite. */
const MOST = 1_000;

function resultOf(name: string, result: RoundResult): Required<RoundResult> {
  const { rating = FIRST_RATING, score } = checkObject(name, result);
  return { rating: checkRating(`${name}.rating`, rating), score: checkFinite(`${name}.score`, score) };
}

export function checkRating(name: string, rating: Rating): Rating {
  const { mu, sigma } = checkObject(name, rating);
  checkNumber(`${name}.mu`, mu, -MOST, MOST);
  if (checkNumber(`${name}.sigma`, sigma, 0, MOST) > 0) return { mu, sigma };
  throw new InvalidParameterError(`${name}.sigma`, "is 0", "Pass a number above 0");
}

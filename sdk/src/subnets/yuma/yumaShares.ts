import { div, sumOf } from "./fixed.ts";

export type YumaSharesParameters = {
  readonly incentives: readonly bigint[];
  readonly dividends: readonly bigint[];
};

/** Fractions of the epoch's pot. */
export type YumaShares = { readonly ofMiners: readonly bigint[]; readonly ofValidators: readonly bigint[] };

/**
 * Shares of an epoch's pot: incentives and dividends as fractions of their common sum, {@link YUMA_ONE} for the whole
 * pot. They sum to at most 1. All are zero if no miner has an incentive.
 *
 * @example
 * ```ts
 * const { ofMiners } = yumaShares({ incentives: [YUMA_ONE], dividends: [YUMA_ONE] });
 * const payment = (amount * (ofMiners[0] ?? 0n)) / YUMA_ONE;
 * ```
 */
export function yumaShares({ incentives, dividends }: YumaSharesParameters): YumaShares {
  const sum = sumOf(incentives) + sumOf(dividends);
  return {
    ofMiners: incentives.map((incentive) => div(incentive, sum)),
    ofValidators: dividends.map((dividend) => div(dividend, sum)),
  };
}

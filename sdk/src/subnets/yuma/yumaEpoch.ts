import { div, type Matrix, maxOf, mul, normalize, type Row, sumOf, transpose, YUMA_ONE } from "./fixed.ts";
import type { YumaNetwork, YumaParams } from "./network.ts";

export type YumaResult = {
  /** Active stake of each validator, as a fraction of all active stake. */
  readonly stakes: readonly bigint[];
  /** For each miner the largest weight backed by `kappa` of the active stake. */
  readonly consensus: readonly bigint[];
  /** Fraction of each miner. */
  readonly incentives: readonly bigint[];
  /** Fraction of each validator. */
  readonly dividends: readonly bigint[];
  /** Bonds to store, from 0 to 65535. */
  readonly bonds: Matrix;
};

const MAX_U16 = 65_535n;

/**
 * Runs an epoch of Yuma consensus, with the same result as the contract, to the last digit. Fractions are I32F32:
 * {@link YUMA_ONE} is 1.
 *
 * @example
 * ```ts
 * const half = YUMA_ONE / 2n;
 * const { incentives, dividends } = yumaEpoch(
 *   {
 *     stakes: [60n, 40n],
 *     active: [true, true],
 *     permits: [true, true],
 *     diagonal: [undefined, undefined],
 *     updatedAt: [2n, 2n],
 *     registeredAt: [1n, 1n, 1n],
 *     weights: [upscaleWeights([1n, 1n, 0n]), upscaleWeights([1n, 2n, 0n])],
 *     bonds: [[0n, 0n, 0n], [0n, 0n, 0n]],
 *   },
 *   { kappa: half, alpha: YUMA_ONE / 10n, beta: YUMA_ONE },
 * );
 * const { ofMiners, ofValidators } = yumaShares({ incentives, dividends });
 * ```
 */
export function yumaEpoch(network: YumaNetwork, { kappa, alpha, beta }: YumaParams): YumaResult {
  const miners = network.registeredAt.length;
  const stakes = activeStakes(network);
  const weights = countedWeights(network);
  const consensus = transpose(weights, miners).map((column) => consensusOf(column, stakes, kappa));

  const clipped = weights.map((row) => row.map((weight, j) => min(weight, consensus[j] as bigint)));
  const incentives = normalize(transpose(timesStakes(clipped, stakes), miners).map(sumOf));

  const bonding = weights.map((row, i) =>
    row.map((weight, j) => weight + mul(beta, (clipped[i]?.[j] as bigint) - weight)),
  );
  const deltas = transpose(timesStakes(bonding, stakes), miners).map(normalize);
  const before = transpose(network.bonds, miners).map(normalize);
  const averages = deltas.map((column, j) =>
    normalize(column.map((delta, i) => mul(alpha, delta) + mul(YUMA_ONE - alpha, before[j]?.[i] as bigint))),
  );
  const earned = averages.map((column, j) => column.map((bond) => mul(bond, incentives[j] as bigint)));
  const dividends = normalize(transpose(earned, stakes.length).map(sumOf));
  return { stakes, consensus, incentives, dividends, bonds: transpose(averages.map(toU16), stakes.length) };
}

/** Inactive validators and those without permit have none. */
function activeStakes({ stakes, active, permits }: YumaNetwork): bigint[] {
  return normalize(normalize(stakes).map((stake, i) => (active[i] && permits[i] ? stake : 0n)));
}

/** Rows as fractions, without weights of validators without permit, on themselves, and from before a registration. */
export function countedWeights({
  weights,
  permits,
  diagonal,
  updatedAt,
  registeredAt,
}: YumaNetwork): bigint[][] {
  return weights.map((row, i) => {
    const counts = (j: number) =>
      permits[i] && diagonal[i] !== j && (updatedAt[i] as bigint) > (registeredAt[j] as bigint);
    return normalize(row.map((weight, j) => (counts(j) ? weight : 0n)));
  });
}

/** The largest weight for which the stakes of all rows with that weight or more reach `kappa`. */
function consensusOf(column: Row, stakes: Row, kappa: bigint): bigint {
  const isBacked = (weight: bigint) =>
    sumOf(stakes.filter((_, i) => (column[i] as bigint) >= weight)) >= kappa;
  return maxOf(column.filter(isBacked));
}

function timesStakes(weights: Matrix, stakes: Row): bigint[][] {
  return weights.map((row, i) => row.map((weight) => mul(weight, stakes[i] as bigint)));
}

/** Scales a column of bonds to a maximum of 65535. */
function toU16(column: Row): bigint[] {
  const most = maxOf(column);
  return column.map((bond) => (div(bond, most) * MAX_U16) >> 32n);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

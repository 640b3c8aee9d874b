import type { Matrix } from "./fixed.ts";

/** Parameters of Yuma consensus, as fractions of 2^32. */
export type YumaParams = {
  /**
   * Share of active stake that must back a weight, at least. More than 0. From half on, validators with less than half
   * of the active stake cannot lift a miner's consensus.
   */
  readonly kappa: bigint;
  /** Part of the new bonds in the moving average. */
  readonly alpha: bigint;
  /** Penalty on bonds of weights above the consensus. */
  readonly beta: bigint;
};

/** A subnet at the end of an epoch. Rows are validators, columns are miners. */
export type YumaNetwork = {
  /** Stake of each validator, in any unit. */
  readonly stakes: readonly bigint[];
  /** Validators that set weights recently. Others have no active stake. */
  readonly active: readonly boolean[];
  /** Validators that may set weights. Others have neither weights nor active stake. */
  readonly permits: readonly boolean[];
  /** The column of each validator's own account, or undefined if it is not among the miners. */
  readonly diagonal: readonly (number | undefined)[];
  /** Time of each validator's weights, in any unit. */
  readonly updatedAt: readonly bigint[];
  /** Time of each miner's registration, in the same unit. Weights of that time or before do not count. */
  readonly registeredAt: readonly bigint[];
  /** Weights from 0 to 65535. A row counts by the proportions of its weights. */
  readonly weights: Matrix;
  /** Bonds from 0 to 65535, as the epoch before returned them. Zero for a new validator or miner. */
  readonly bonds: Matrix;
};

import { checkObject, checkUint } from "../core/check.ts";

/** Who can be a miner: everyone, or the champions of a sector. */
export const SUBNET_KINDS = ["open", "sovereign"] as const;
export type SubnetKind = (typeof SUBNET_KINDS)[number];

/** Parameters of a subnet. They never change. `kappa`, `alpha` and `beta` are fractions of 2^32. */
export type SubnetParams = {
  /** Share of active stake that must back a weight, above 0. */
  readonly kappa: bigint;
  /** Part of an epoch's new bonds in the stored bonds. */
  readonly alpha: bigint;
  /** Penalty on bonds of weights above the consensus. */
  readonly beta: bigint;
  /** Least stake of a validator, base units of Foundation Coin, above 0. */
  readonly minValidatorStake: bigint;
  /** Least stake of revealing validators for an epoch to pay anybody and to decide quality, base units. */
  readonly minTotalStake: bigint;
  /** Fee of an open subnet's miner, base units. Without one, anybody can hold slots for nothing. */
  readonly registrationFee: bigint;
  /** Seconds of an epoch. */
  readonly tempo: bigint;
  /** Epochs in which a new validator or miner cannot be replaced, and a new validator cannot unstake. */
  readonly immunity: bigint;
  /** Sizes of the tables. */
  readonly maxValidators: bigint;
  readonly maxMiners: bigint;
};

const BITS: Readonly<Record<keyof SubnetParams, number>> = {
  kappa: 64,
  alpha: 64,
  beta: 64,
  minValidatorStake: 64,
  minTotalStake: 64,
  registrationFee: 64,
  tempo: 32,
  immunity: 16,
  maxValidators: 16,
  maxMiners: 16,
};

export function checkSubnetParams(params: SubnetParams): SubnetParams {
  checkObject("params", params);
  const names = Object.keys(BITS) as (keyof SubnetParams)[];
  const entries = names.map((name) => [name, checkUint(`params.${name}`, params[name], BITS[name])]);
  return Object.fromEntries(entries) as SubnetParams;
}

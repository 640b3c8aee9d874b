import { type Client, checkCall } from "../client.ts";
import type { Address, AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkNotEmpty, checkUint } from "../core/check.ts";
import type { BlockRange, Logged } from "../core/logs.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";
import { NotFoundError, RecordMismatchError } from "../errors.ts";
import { SUBNET_KINDS, type SubnetKind, type SubnetParams } from "../shared/subnet.ts";
import { epochLogs, epochRun } from "./epochRuns.ts";
import { potTokens } from "./potTokens.ts";
import { type EpochInputs, type Recomputed, type Revealed, recompute } from "./recompute.ts";
import { placeOf, type RecordedShare } from "./records.ts";
import { type Reward, type RewardQuery, rewardsFor, wholeOf } from "./rewards.ts";

export type ExplainRewardParameters = BlockRange & {
  readonly subnetId: bigint;
  readonly epoch: bigint;
  /** A validator or miner of that epoch. */
  readonly account: AddressInput;
  /**
   * ERC-20 tokens. Anyone can add tokens to pots: pass some to limit the reads.
   *
   * @default Foundation Coin, and all tokens that sponsors paid into the subnet
   */
  readonly tokens?: readonly AddressInput[];
};

/** A validator of the epoch. Fractions are in 2^-32. */
export type ExplainedValidator = {
  readonly slot: bigint;
  readonly account: Address;
  /** Base units of Foundation Coin that counted. */
  readonly stake: bigint;
  /** Its part of all active stake. */
  readonly stakeFraction: bigint;
  /** Whether it had the minimum stake. */
  readonly isPermitted: boolean;
  /** Whether it revealed weights. Without both it is paid nothing. */
  readonly hasRevealed: boolean;
  readonly evidenceHash: Hex | undefined;
  /** Address of the evidence. */
  readonly uri: string | undefined;
};

/** A validator's weight for a miner. Fractions are in 2^-32. */
export type ExplainedWeight = {
  readonly validator: Address;
  readonly miner: Address;
  /** As revealed, from 0 to 65535. */
  readonly weight: bigint;
  /** Its part of the validator's weights that count. */
  readonly fraction: bigint;
  /** The fraction, cut to the consensus. */
  readonly clipped: bigint;
  /** Evidence of the validator. */
  readonly evidenceHash: Hex | undefined;
  readonly uri: string | undefined;
};

/** Why a miner has its share. */
export type ExplainedMiner = RecordedShare & {
  readonly role: "miner";
  /** One per validator that revealed. */
  readonly weights: readonly ExplainedWeight[];
  /** Largest fraction backed by `kappa` of the active stake. */
  readonly consensus: bigint;
  /** The stake-weighted sum of the clipped fractions, as a part of that of all miners. */
  readonly incentive: bigint;
};

/** Why a validator has its share. */
export type ExplainedDividend = RecordedShare & {
  readonly role: "validator";
  readonly validator: ExplainedValidator;
  /** Its own weights, if it revealed them. */
  readonly weights: readonly ExplainedWeight[];
  /** From 0 to 65535, per miner: of the epoch before, and to be kept. */
  readonly bonds: readonly { readonly miner: Address; readonly before: bigint; readonly after: bigint }[];
  /** Its part by bonds and incentives, before those of others without permit or weights are left out. */
  readonly dividend: bigint;
};

type Reason = ExplainedMiner | ExplainedDividend;

export type ExplainedPayment = Reward & {
  /** Transaction of the claim. */
  readonly hash: Hex | undefined;
};

export type ExplainRewardReturnType = {
  readonly kind: SubnetKind;
  readonly params: SubnetParams;
  /** The last epoch run before, whose bonds count. */
  readonly previousEpoch: bigint | undefined;
  /**
   * Stake of the permitted validators that revealed weights, base units of Foundation Coin. With less than
   * `params.minTotalStake` the epoch pays nobody, and bonds stay as they were.
   */
  readonly turnout: bigint;
  /** All validators of the epoch. */
  readonly validators: readonly ExplainedValidator[];
  /** The account as validator, as miner, or both. */
  readonly reasons: readonly Reason[];
  /** Per pot and reason. */
  readonly payments: readonly ExplainedPayment[];
};

/**
 * Why an account was paid in an epoch: from stakes and revealed weights to its part of each pot. Everything is recomputed
 * from chain data by the Yuma model, and compared with the epoch's record and with the payments.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link NotFoundError} if the account had no slot in the epoch
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `RecordNonexistent` if the epoch was not run
 * @throws {@link RecordMismatchError} with the first number that differs
 * @throws {@link LogScanError} when the node fails
 * @example
 * ```ts
 * const { reasons, payments } = await explainReward(client, { subnetId: 1n, epoch: 1n, account });
 * for (const reason of reasons)
 *   for (const { validator, fraction, uri } of reason.weights) console.log(validator, fraction, uri);
 * ```
 */
export async function explainReward(
  client: Client,
  parameters: ExplainRewardParameters,
): Promise<ExplainRewardReturnType> {
  const { subnetId, epoch, account, tokens, ...range } = checkCall(client, parameters);
  const place = [checkUint("subnetId", subnetId, 32), checkUint("epoch", epoch, 32)] as const;
  const who = checkAddress("account", account);
  const wanted =
    tokens && checkNotEmpty("tokens", tokens).map((token, i) => checkAddress(`tokens[${i}]`, token));
  const inputs = await inputsOf(client, ...place, range);
  const results = recompute(inputs);
  const reasons = reasonsFor(who, inputs, results);
  if (reasons.length === 0) {
    const advice = "It had no slot in that epoch";
    throw new NotFoundError(`validator or miner of subnet ${subnetId} in epoch ${epoch}:`, who, advice);
  }
  const paidIn = wanted ?? (await potTokens(client, subnetId, range));
  const { kind, params, run } = inputs;
  const whole = wholeOf(inputs.recorded);
  return {
    kind,
    params,
    previousEpoch: run.previousEpoch || undefined,
    turnout: results.turnout,
    validators: validatorsOf(inputs, results),
    reasons,
    payments: await paymentsOf(client, { subnetId, epoch, shares: reasons, whole, tokens: paidIn }, range),
  };
}

async function inputsOf(
  client: Client,
  subnetId: bigint,
  epoch: bigint,
  range: BlockRange,
): Promise<EpochInputs> {
  // First: without a record there is no run.
  const recorded = await read(client, "SubnetHub", "sharesOf", [subnetId, epoch]);
  const [params, { kind }, run, logs] = await Promise.all([
    read(client, "SubnetHub", "paramsOf", [subnetId]),
    read(client, "SubnetHub", "subnetOf", [subnetId]),
    epochRun(client, subnetId, epoch, range),
    epochLogs(client, "WeightsRevealed", subnetId, epoch, range),
  ]);
  const previous =
    run.previousEpoch === 0n ? undefined : await epochRun(client, subnetId, run.previousEpoch, range);
  const revealed = logs.map(({ args }) => args);
  return { run, previous, recorded, revealed, kind: nameAt(SUBNET_KINDS, kind), params };
}

function validatorsOf({ revealed }: EpochInputs, results: Recomputed): ExplainedValidator[] {
  return results.validators.map((_, i) => validatorAt(i, revealed, results));
}

function validatorAt(i: number, revealed: readonly Revealed[], results: Recomputed): ExplainedValidator {
  const { validators, network, stakes } = results;
  const { evidenceHash, uri } = revealed.find(({ slot }) => slot === BigInt(i)) ?? {};
  return {
    slot: BigInt(i),
    account: validators[i] as Address,
    stake: network.stakes[i] as bigint,
    stakeFraction: stakes[i] as bigint,
    isPermitted: network.permits[i] as boolean,
    hasRevealed: network.active[i] as boolean,
    evidenceHash,
    uri,
  };
}

function reasonsFor(account: Address, inputs: EpochInputs, results: Recomputed): Reason[] {
  const { validators, miners, ofValidators, ofMiners } = results;
  const shares = [...ofValidators, ...ofMiners];
  const sizes = { validators: validators.length, miners: miners.length };
  return [...validators, ...miners].flatMap((each, index): Reason[] => {
    if (each !== account) return [];
    const place = { ...placeOf(index, sizes), account, share: shares[index] as bigint };
    const slot = Number(place.slot);
    return place.role === "miner"
      ? [minerReason({ ...place, role: "miner" }, slot, inputs, results)]
      : [validatorReason({ ...place, role: "validator" }, slot, inputs, results)];
  });
}

function minerReason(
  place: RecordedShare & { readonly role: "miner" },
  j: number,
  { revealed }: EpochInputs,
  results: Recomputed,
): ExplainedMiner {
  const { consensus, incentives } = results;
  return {
    ...place,
    weights: revealed.map((row) => weightAt(row, j, results)),
    consensus: consensus[j] as bigint,
    incentive: incentives[j] as bigint,
  };
}

function validatorReason(
  place: RecordedShare & { readonly role: "validator" },
  i: number,
  { revealed }: EpochInputs,
  results: Recomputed,
): ExplainedDividend {
  const { miners, network, bonds, dividends } = results;
  const own = revealed.find(({ slot }) => slot === place.slot);
  return {
    ...place,
    validator: validatorAt(i, revealed, results),
    weights: own ? miners.map((_, j) => weightAt(own, j, results)) : [],
    bonds: miners.map((miner, j) => ({
      miner,
      before: network.bonds[i]?.[j] as bigint,
      after: bonds[i]?.[j] as bigint,
    })),
    dividend: dividends[i] as bigint,
  };
}

function weightAt({ slot, evidenceHash, uri }: Revealed, j: number, results: Recomputed): ExplainedWeight {
  const i = Number(slot);
  const { validators, miners, network, fractions, consensus } = results;
  const [fraction, most] = [fractions[i]?.[j] as bigint, consensus[j] as bigint];
  return {
    validator: validators[i] as Address,
    miner: miners[j] as Address,
    weight: network.weights[i]?.[j] as bigint,
    fraction,
    clipped: fraction < most ? fraction : most,
    evidenceHash,
    uri,
  };
}

/** What the shares are worth, compared with what was paid. */
async function paymentsOf(
  client: Client,
  query: RewardQuery,
  range: BlockRange,
): Promise<ExplainedPayment[]> {
  const { subnetId, epoch } = query;
  const rewards = await rewardsFor(client, query);
  // Read afterwards, so that no claim is missing that the rewards know.
  const claims = await epochLogs(client, "ShareClaimed", subnetId, epoch, range);
  return rewards.map((reward) => {
    const claim = claims.find(({ args }) => args.index === reward.index && args.token === reward.token);
    checkClaim(subnetId, reward, claim);
    return { ...reward, isClaimed: claim !== undefined, hash: claim?.hash };
  });
}

function checkClaim(
  subnetId: bigint,
  { epoch, index, token, amount, isClaimed }: Reward,
  claim: Logged<"SubnetHub", "ShareClaimed"> | undefined,
): void {
  const paid = claim ? claim.args.amount : 0n;
  const due = claim || isClaimed ? amount : 0n;
  if (paid === due) return;
  throw new RecordMismatchError(subnetId, epoch, `payment of index ${index} in ${token}`, due, paid);
}

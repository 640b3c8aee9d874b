import { ZeroAddress } from "ethers";
import type { Address, Hex } from "../core/abi.ts";
import { RecordMismatchError } from "../errors.ts";
import type { SubnetKind, SubnetParams } from "../shared/subnet.ts";
import type { EpochRun } from "./epochRuns.ts";
import { bondsIn, type RecordSizes, sharesIn } from "./records.ts";
import { unpackWeights } from "./weights.ts";
import type { YumaNetwork } from "./yuma/network.ts";
import { countedWeights, yumaEpoch } from "./yuma/yumaEpoch.ts";
import { yumaShares } from "./yuma/yumaShares.ts";

/** Weights of a validator, as its event has them. */
export type Revealed = {
  readonly slot: bigint;
  readonly weights: Hex;
  readonly evidenceHash: Hex;
  readonly uri: string;
};

export type EpochInputs = {
  readonly run: EpochRun;
  /** The epoch before, or undefined if this is the first. */
  readonly previous: EpochRun | undefined;
  /** The shares that claims are paid by. */
  readonly recorded: readonly { readonly account: Address; readonly share: bigint }[];
  readonly revealed: readonly Revealed[];
  readonly kind: SubnetKind;
  readonly params: SubnetParams;
};

export type Recomputed = ReturnType<typeof recompute>;

export function sizesOf({ stakes, incentives }: EpochRun): RecordSizes {
  return { validators: stakes.length, miners: incentives.length };
}

/**
 * The results of an epoch by the model, from its inputs. All arrays are by slot.
 *
 * @throws {@link RecordMismatchError} for the first number that the chain has otherwise
 */
export function recompute({ run, previous, recorded, revealed, kind, params }: EpochInputs) {
  const accounts = accountsOf(run);
  const network = networkOf(run, previous, revealed, accounts);
  const result = decide(network, params);
  const dividends = result.dividends.map((one, i) => (network.active[i] && network.permits[i] ? one : 0n));
  const incentives = kind === "open" ? result.incentives : result.incentives.map(() => 0n);
  const shares = yumaShares({ incentives, dividends });
  check(run, recorded, { ...result, ...shares });
  return { ...accounts, ...result, ...shares, network, fractions: countedWeights(network) };
}

function accountsOf(run: EpochRun) {
  const accounts = sharesIn(run.data, sizesOf(run)).map(({ account }) => account);
  return { validators: accounts.slice(0, run.stakes.length), miners: accounts.slice(run.stakes.length) };
}

type Accounts = { readonly validators: readonly Address[]; readonly miners: readonly Address[] };

/** Later than any epoch: nobody has weights or bonds for an empty slot. */
const NEVER = 2n ** 32n;

function networkOf(
  run: EpochRun,
  previous: EpochRun | undefined,
  revealed: readonly Revealed[],
  { validators, miners }: Accounts,
): YumaNetwork {
  const isSet = (bits: bigint, i: number) => ((bits >> BigInt(i)) & 1n) === 1n;
  const active = validators.map((_, i) => isSet(run.revealed, i));
  const registeredAt = miners.map((account, j) =>
    account === ZeroAddress ? NEVER : (run.minersRegisteredAt[j] as bigint),
  );
  const rows = new Map(revealed.map(({ slot, weights }) => [Number(slot), unpackWeights(weights)]));
  return {
    stakes: run.stakes,
    active,
    permits: validators.map((_, i) => isSet(run.permits, i)),
    diagonal: validators.map((account) => columnOf(account, miners)),
    updatedAt: active.map((isActive) => (isActive ? run.epoch : 0n)),
    registeredAt,
    weights: validators.map((_, i) => miners.map((_, j) => rows.get(i)?.[j] ?? 0n)),
    bonds: bondsBefore(run, previous, validators, registeredAt),
  };
}

function columnOf(account: Address, miners: readonly Address[]): number | undefined {
  const column = account === ZeroAddress ? -1 : miners.indexOf(account);
  return column === -1 ? undefined : column;
}

/** Bonds start at zero for who registered after the epoch before. */
function bondsBefore(
  { validatorsRegisteredAt }: EpochRun,
  previous: EpochRun | undefined,
  validators: readonly Address[],
  minersRegisteredAt: readonly bigint[],
): bigint[][] {
  const stored = previous && bondsIn(previous.data, sizesOf(previous));
  const since = previous?.epoch ?? 0n;
  return validators.map((account, i) => {
    const isOld = account !== ZeroAddress && (validatorsRegisteredAt[i] as bigint) <= since;
    return minersRegisteredAt.map((registeredAt, j) =>
      isOld && registeredAt <= since ? (stored?.[i]?.[j] ?? 0n) : 0n,
    );
  });
}

/** With too little turnout there is no consensus: nobody gets anything, and bonds stay. */
function decide(network: YumaNetwork, params: SubnetParams) {
  const { stakes, active, permits, bonds } = network;
  const result = yumaEpoch(network, params);
  const turnout = stakes.reduce((sum, stake, i) => (active[i] && permits[i] ? sum + stake : sum), 0n);
  if (turnout >= params.minTotalStake) return { ...result, turnout };
  const { consensus, incentives, dividends } = result;
  const none = (list: readonly bigint[]) => list.map(() => 0n);
  const nothing = {
    consensus: none(consensus),
    incentives: none(incentives),
    dividends: none(dividends),
    bonds,
  };
  return { ...result, ...nothing, turnout };
}

type Results = Pick<ReturnType<typeof yumaEpoch>, "consensus" | "incentives" | "dividends" | "bonds"> &
  ReturnType<typeof yumaShares>;

function check(run: EpochRun, recorded: EpochInputs["recorded"], results: Results): void {
  const sizes = sizesOf(run);
  const compare = <T extends bigint | Hex>(field: string, expected: readonly T[], actual: readonly T[]) => {
    const i = expected.findIndex((one, place) => one !== actual[place]);
    if (i !== -1)
      throw new RecordMismatchError(run.subnetId, run.epoch, `${field}[${i}]`, expected[i], actual[i]);
  };
  compare("consensus", results.consensus, run.consensus);
  compare("incentives", results.incentives, run.incentives);
  compare("dividends", results.dividends, run.dividends);
  const stored = bondsIn(run.data, sizes);
  for (const [i, row] of results.bonds.entries()) compare(`bonds[${i}]`, row, stored[i] ?? []);
  compare(
    "accounts",
    sharesIn(run.data, sizes).map(({ account }) => account),
    recorded.map(({ account }) => account),
  );
  compare(
    "shares",
    [...results.ofValidators, ...results.ofMiners],
    recorded.map(({ share }) => share),
  );
}

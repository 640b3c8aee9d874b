import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { yumaEpoch, yumaShares } from "../../sdk/src/subnets/index.ts";
import { ethers } from "../grid.ts";
import { type Hub, PARAMS, type Signer } from "./support.ts";

type Matrix = bigint[][];
/** Accounts, shares and bonds of a record. */
type Data = { accounts: string[]; shares: bigint[]; bonds: Matrix };
/** Revealed weights. */
export type Rows = ReadonlyMap<Signer, readonly bigint[]>;

/** The event of a run, with its data decoded. */
export async function runOf(hub: Hub, run: Promise<ContractTransactionResponse>) {
  const receipt = await (await run).wait();
  const event = receipt?.logs
    .map((log) => hub.interface.parseLog(log))
    .find((log) => log?.name === "EpochRun");
  if (!event) throw new Error("No epoch was run.");
  const args = event.args as unknown as EpochRun;
  return { ...pick(args), ...decode(args.data, args.stakes.length, args.minersRegisteredAt.length) };
}

type EpochRun = Record<"epoch" | "previousEpoch" | "revealed" | "permits", bigint> &
  Record<
    "stakes" | "validatorsRegisteredAt" | "minersRegisteredAt" | "consensus" | "incentives" | "dividends",
    readonly bigint[]
  > & { data: string; record: string };

function pick(args: EpochRun) {
  const { epoch, previousEpoch, revealed, permits, data, record } = args;
  const lists = {
    stakes: [...args.stakes],
    validatorsRegisteredAt: [...args.validatorsRegisteredAt],
    minersRegisteredAt: [...args.minersRegisteredAt],
    consensus: [...args.consensus],
    incentives: [...args.incentives],
    dividends: [...args.dividends],
  };
  return { epoch, previousEpoch, revealed, permits, data, record, ...lists };
}

export type Run = Awaited<ReturnType<typeof runOf>>;

function decode(data: string, validators: number, miners: number): Data {
  const bytes = ethers.getBytes(data);
  const part = (from: number, size: number) => ethers.hexlify(bytes.slice(from, from + size));
  const indexes = Array.from({ length: validators + miners }, (_, index) => 28 * index);
  const start = 28 * indexes.length;
  return {
    accounts: indexes.map((at) => ethers.getAddress(part(at, 20))),
    shares: indexes.map((at) => BigInt(part(at + 20, 8))),
    bonds: Array.from({ length: validators }, (_, i) =>
      Array.from({ length: miners }, (_, j) => BigInt(part(start + 2 * (i * miners + j), 2))),
    ),
  };
}

/** Stake of the validators whose revealed weights count. */
export function turnoutOf({ stakes, revealed, permits }: Run): bigint {
  return stakes.reduce((sum, stake, i) => sum + stake * (((revealed & permits) >> BigInt(i)) & 1n), 0n);
}

/** What the model makes of the inputs of a run, the revealed rows and the run before. */
export function expectedOf(run: Run, rows: Rows, previous: Run | undefined, isOpen = true) {
  const validators = run.accounts.slice(0, run.stakes.length);
  const miners = run.accounts.slice(run.stakes.length);
  const rowOf = new Map([...rows].map(([{ address }, row]) => [address, row]));
  const active = validators.map((account) => rowOf.has(account));
  const permits = run.stakes.map((stake) => stake >= PARAMS.minValidatorStake);
  const network = {
    stakes: run.stakes,
    active,
    permits,
    diagonal: validators.map((account) => {
      const at = account === ethers.ZeroAddress ? -1 : miners.indexOf(account);
      return at < 0 ? undefined : at;
    }),
    updatedAt: active.map((is) => (is ? run.epoch : 0n)),
    registeredAt: run.minersRegisteredAt,
    weights: validators.map((account) => miners.map((_, j) => rowOf.get(account)?.[j] ?? 0n)),
    bonds: validators.map((account, i) =>
      miners.map((_, j) => {
        const isKept =
          account !== ethers.ZeroAddress &&
          (run.validatorsRegisteredAt[i] as bigint) <= run.previousEpoch &&
          (run.minersRegisteredAt[j] as bigint) <= run.previousEpoch;
        return (isKept && previous?.bonds[i]?.[j]) || 0n;
      }),
    ),
  };
  const counts = active.map((is, i) => is && permits[i]);
  const turnout = run.stakes.reduce((sum, stake, i) => (counts[i] ? sum + stake : sum), 0n);
  const none = (list: readonly unknown[]) => list.map(() => 0n);
  const { consensus, incentives, dividends, bonds } =
    turnout < PARAMS.minTotalStake
      ? {
          consensus: none(miners),
          incentives: none(miners),
          dividends: none(validators),
          bonds: network.bonds,
        }
      : yumaEpoch(network, PARAMS);
  const counted = dividends.map((dividend, i) => (counts[i] ? dividend : 0n));
  const paid = isOpen ? incentives : incentives.map(() => 0n);
  const { ofMiners, ofValidators } = yumaShares({ incentives: paid, dividends: counted });
  return { consensus, incentives, dividends, bonds, shares: [...ofValidators, ...ofMiners] };
}

export function expectEqual(run: Run, expected: ReturnType<typeof expectedOf>) {
  const { consensus, incentives, dividends, bonds, shares } = run;
  expect({ consensus, incentives, dividends, bonds, shares }).to.deep.equal(expected);
}

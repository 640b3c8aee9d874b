import type { Client } from "../client.ts";
import type { Address, Hex } from "../core/abi.ts";
import { chunks } from "../core/lists.ts";
import { ContractRevertError } from "../errors.ts";
import { claim } from "./claim.ts";
import { type EarnerAmount, toRanges } from "./claims.ts";
import { passOn } from "./passOn.ts";

/** Rows for one transaction, and its cost. */
export type ClaimBatch = {
  readonly kind: "claim" | "passOn";
  /** To pay or to pass on, in base units of the rows' tokens. */
  readonly rows: readonly EarnerAmount[];
  /** Estimated units of gas. */
  readonly gas: bigint;
  /** Highest cost: `gas` times the highest fee per gas of a transaction sent now, in wei. */
  readonly fee: bigint;
};

export type BatchLimits = {
  /** Most rows in one transaction. A row costs about 38,000 gas, 17,000 if its account has others. @default 100 */
  readonly maxRows?: number;
  /** Most transactions. The largest amounts go first. @default 10 */
  readonly maxTransactions?: number;
  /** Asked before each transaction. False leaves its rows for later. @default sends all */
  readonly confirm?: (batch: ClaimBatch) => boolean | Promise<boolean>;
};

export type BatchedClaims = {
  readonly paid: readonly EarnerAmount[];
  /** Not paid, because the token refuses the beneficiary. */
  readonly refused: readonly EarnerAmount[];
  /** Not sent: below `minAmount`. */
  readonly dust: readonly EarnerAmount[];
  /** Not sent: beyond `maxTransactions` or not confirmed. */
  readonly left: readonly EarnerAmount[];
  /** The transactions sent. */
  readonly hashes: readonly Hex[];
};

export type ClaimResult = { [K in keyof BatchedClaims]: BatchedClaims[K][number][] };

/** Claims or passes on in batches, and adds to `result`. Leaves out rows refused by their token. */
export async function sendInBatches(
  client: Client,
  kind: ClaimBatch["kind"],
  due: readonly EarnerAmount[],
  minAmounts: ReadonlyMap<Address, bigint>,
  { maxRows, maxTransactions, confirm }: Required<BatchLimits>,
  result: ClaimResult,
): Promise<void> {
  const minAmountOf = ({ token }: EarnerAmount) => minAmounts.get(token) as bigint;
  const isDust = (row: EarnerAmount) => row.amount < minAmountOf(row);
  const room = (maxTransactions - result.hashes.length) * maxRows;
  const bySize = due
    .filter((row) => !isDust(row))
    .sort((a, b) => (a.amount * minAmountOf(b) > b.amount * minAmountOf(a) ? -1 : 1));
  const chosen = new Set(bySize.slice(0, room));
  result.dust.push(...due.filter(isDust));
  result.left.push(...bySize.slice(room));
  const inOrder = due.filter((row) => chosen.has(row));
  for (const rows of chunks(inOrder, maxRows)) {
    const payable = await payableOf(client, kind, rows);
    result.refused.push(...rows.filter((row) => !payable.includes(row)));
    if (payable.length === 0) continue;
    if (!(await confirm(await quote(client, kind, payable)))) {
      result.left.push(...payable);
      continue;
    }
    const { hash, ...sent } = await ACTIONS[kind](client, { claims: toRanges(payable) });
    if ("paid" in sent) result.paid.push(...sent.paid);
    result.hashes.push(hash);
  }
}

const ACTIONS = { claim, passOn };

async function quote(
  client: Client,
  kind: ClaimBatch["kind"],
  rows: readonly EarnerAmount[],
): Promise<ClaimBatch> {
  const gas = await ACTIONS[kind].estimateGas(client, { claims: toRanges(rows) });
  const { maxFeePerGas, gasPrice } = await client.provider.getFeeData();
  return { kind, rows, gas, fee: gas * (maxFeePerGas ?? gasPrice ?? 0n) };
}

/** One refusal fails a whole claim. Halving the claim finds it. */
async function payableOf(
  client: Client,
  kind: ClaimBatch["kind"],
  rows: readonly EarnerAmount[],
): Promise<readonly EarnerAmount[]> {
  try {
    await ACTIONS[kind].simulate(client, { claims: toRanges(rows) });
    return rows;
  } catch (error) {
    if (!(error instanceof ContractRevertError)) throw error;
  }
  if (rows.length === 1) return [];
  const middle = rows.length >> 1;
  const first = await payableOf(client, kind, rows.slice(0, middle));
  return [...first, ...(await payableOf(client, kind, rows.slice(middle)))];
}

import type { Client } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { chunks } from "../core/lists.ts";
import { ContractRevertError } from "../errors.ts";
import { claim } from "./claim.ts";
import { type EarnerAmount, toRanges } from "./claims.ts";

export type BatchedClaims = {
  readonly paid: readonly EarnerAmount[];
  /** Not paid, because the token refuses the beneficiary. */
  readonly refused: readonly EarnerAmount[];
  /** Transactions that paid. */
  readonly hashes: readonly Hex[];
};

/** Claims at most `maxRows` amounts in each transaction. Leaves out those refused by their token. */
export async function claimInBatches(
  client: Client,
  due: readonly EarnerAmount[],
  maxRows: number,
): Promise<BatchedClaims> {
  const result: { [K in keyof BatchedClaims]: BatchedClaims[K][number][] } = {
    paid: [],
    refused: [],
    hashes: [],
  };
  for (const rows of chunks(due, maxRows)) {
    const payable = await payableOf(client, rows);
    result.refused.push(...rows.filter((row) => !payable.includes(row)));
    if (payable.length === 0) continue;
    const { paid, hash } = await claim(client, { claims: toRanges(payable) });
    result.paid.push(...paid);
    result.hashes.push(hash);
  }
  return result;
}

/** One refusal fails a whole claim. Halving the claim finds it. */
async function payableOf(client: Client, rows: readonly EarnerAmount[]): Promise<readonly EarnerAmount[]> {
  try {
    await claim.simulate(client, { claims: toRanges(rows) });
    return rows;
  } catch (error) {
    if (!(error instanceof ContractRevertError)) throw error;
  }
  if (rows.length === 1) return [];
  const middle = rows.length >> 1;
  const first = await payableOf(client, rows.slice(0, middle));
  return [...first, ...(await payableOf(client, rows.slice(middle)))];
}

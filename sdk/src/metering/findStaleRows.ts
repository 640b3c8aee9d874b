import type { Client } from "../client.ts";
import { read } from "../core/read.ts";
import type { Batch } from "../shared/batch.ts";

export type FindStaleRowsParameters = {
  /** What `buildBatch` in `@benefit-grid/sdk/proofs` made. */
  readonly batch: Batch;
};
/** Ids of licenses. */
export type FindStaleRowsReturnType = bigint[];

/**
 * The licenses of a batch whose usage word at the ledger is not the one that the batch moves on from, such as one that
 * was settled since: with one of them, `settleBatch` says `ProofInvalid` of the whole batch. Build it again without
 * them.
 *
 * @example
 * ```ts
 * const stale = await findStaleRows(client, { batch }); // best asked before proving
 * ```
 */
export async function findStaleRows(
  client: Client,
  { batch }: FindStaleRowsParameters,
): Promise<FindStaleRowsReturnType> {
  const rows = batch.offers.flatMap((offer) => offer.rows);
  const words = await Promise.all(
    rows.map(({ licenseId }) => read(client, "UsageLedger", "usageOf", [licenseId])),
  );
  return rows.filter(({ oldUsage }, i) => words[i] !== oldUsage).map(({ licenseId }) => licenseId);
}

import { type Client, checkCall } from "../client.ts";
import { checkList, checkObject } from "../core/check.ts";
import { read } from "../core/read.ts";
import type { Batch } from "../shared/batch.ts";

export type FindStaleRowsParameters = {
  /** A batch from `buildBatch` in `@benefit-grid/sdk/proofs`. */
  readonly batch: Batch;
};
/** License ids. */
export type FindStaleRowsReturnType = bigint[];

/**
 * Finds licenses whose usage word at the ledger no longer matches the batch, for example after another settlement.
 * One such license fails the whole `settleBatch` with `ProofInvalid`. Build the batch again without them.
 *
 * @example
 * ```ts
 * const stale = await findStaleRows(client, { batch }); // call before proving
 * ```
 */
export async function findStaleRows(
  client: Client,
  parameters: FindStaleRowsParameters,
): Promise<FindStaleRowsReturnType> {
  const { batch } = checkCall(client, parameters);
  const rows = checkList("batch.offers", checkObject("batch", batch).offers).flatMap((offer) => offer.rows);
  const words = await Promise.all(
    rows.map(({ licenseId }) => read(client, "UsageLedger", "usageOf", [licenseId])),
  );
  return rows.filter(({ oldUsage }, i) => words[i] !== oldUsage).map(({ licenseId }) => licenseId);
}

import { type Client, findStaleRows } from "@benefit-grid/sdk";
import { type Batch, buildBatch, type Proof, proveBatch, type Stage } from "@benefit-grid/sdk/proofs";
import type { Store, StoredBatch } from "../store/store.ts";
import type { JobHandler } from "./queue.ts";
import type { Reporter } from "./report.ts";

/** Proves a batch: `proveBatch`, or another program that does the same. */
export type ProveBatch = (
  batch: Batch,
  options: {
    readonly onProgress: (stage: Stage, fraction: number) => void;
    readonly signal: AbortSignal;
  },
) => Promise<Proof>;

export type CreateProverParameters = {
  readonly client: Client;
  readonly store: Store;
  readonly meterId: bigint;
  /** @default proveBatch */
  readonly prove?: ProveBatch;
  readonly onReport?: Reporter;
};

/**
 * The work of a proving job, for `work` of a queue. Idempotent: a batch that is proved or ended is left alone. Needs no
 * signer.
 *
 * @example
 * ```ts
 * await queue.work(createProver({ client, store, meterId }));
 * ```
 */
export function createProver(parameters: CreateProverParameters): JobHandler {
  const { client, store, meterId, prove = proveBatch, onReport = () => undefined } = parameters;

  return async (batchId, signal) => {
    const stored = await store.batch(batchId);
    if (stored?.state !== "formed" || stored.mode !== "private") return;
    const batch = builtBatch(client, meterId, stored);
    const stale = await findStaleRows(client, { batch });
    if (stale.length > 0) {
      const reason = `licenses ${stale.join(", ")} have another usage at the ledger`;
      await store.dropBatch(batchId, reason);
      onReport({ kind: "dropped", batchId, reason });
      return;
    }
    const start = performance.now();
    const onProgress = (stage: Stage, fraction: number) =>
      onReport({ kind: "proving", batchId, stage, fraction });
    const proof = await prove(batch, { onProgress, signal });
    if (!(await store.changeBatch(batchId, "formed", { state: "proved", proof }))) return;
    onReport({ kind: "proved", batchId, milliseconds: performance.now() - start });
  };
}

/** A private batch in the ledger's format. Lone rows were decided on when it was formed. */
export function builtBatch({ chainId, addresses }: Client, meterId: bigint, batch: StoredBatch): Batch {
  if (batch.mode !== "private") throw new Error(`Batch ${batch.id} is open, so nothing is proved.`);
  const { offers } = batch;
  return buildBatch({ chainId, ledger: addresses.UsageLedger, meterId, offers, allowLone: true });
}

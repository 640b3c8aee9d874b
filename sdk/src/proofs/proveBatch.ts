import { checkOneOf } from "../core/check.ts";
import { circuits } from "../generated/circuits.ts";
import type { Batch } from "../shared/batch.ts";
import type { Proof } from "../shared/proof.ts";
import type { CircuitName } from "./artifacts.ts";
import { type ProveOptions, prove } from "./prove.ts";

export type ProveBatchReturnType = Proof;

/**
 * Proves a batch in a separate thread, on all cores. Needs snarkjs and some seconds. 128 rows need more than a
 * gigabyte of memory.
 *
 * @throws {@link ArtifactNotFoundError} when the circuit is not built, or not at `artifacts`
 * @throws {@link ArtifactHashMismatchError} when the circuit is of another version
 * @throws {@link ProofMismatchError} when the batch was changed after `buildBatch`
 * @throws the signal's reason once it is aborted
 * @example
 * ```ts
 * const signal = AbortSignal.timeout(120_000);
 * const onProgress = (stage: string, fraction: number) => console.log(stage, fraction);
 * const proof = await proveBatch(batch, { onProgress, signal });
 * ```
 */
export async function proveBatch(batch: Batch, options: ProveOptions = {}): Promise<ProveBatchReturnType> {
  checkOneOf("batch.circuit", batch.circuit, Object.keys(circuits));
  const { c, y, r } = batch.signals;
  return await prove(batch.circuit as CircuitName, batch.input, [c, y, r], options);
}

// Proofs by the SDK for tests of other things. See test/proofs.ts.
import { type Batch, proveBatch, proveRange } from "@benefit-grid/sdk/proofs";
import { provenOnce } from "../proofs.ts";

/** As `proveBatch`, see {@link provenOnce}. */
export async function provenBatch(batch: Batch): ReturnType<typeof proveBatch> {
  return await provenOnce(batch.circuit, batch.input, () => proveBatch(batch));
}

/** As `proveRange`, see {@link provenOnce}. */
export async function provenRange(range: Parameters<typeof proveRange>[0]): ReturnType<typeof proveRange> {
  return await provenOnce("usage-range", range, () => proveRange(range));
}

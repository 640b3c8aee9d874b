import { type PreparedTransaction, settleBatch, settleOpen, settleRetired } from "@benefit-grid/sdk";
import type { Proof } from "@benefit-grid/sdk/proofs";
import type { StoredBatch } from "../store/store.ts";
import type { Context, Head } from "./context.ts";
import { builtBatch } from "./prover.ts";

/** The transaction of a batch, not signed. */
export type BatchCall = {
  /** @throws {@link ContractRevertError} if the ledger would refuse the batch now */
  readonly simulate: () => Promise<unknown>;
  readonly prepare: () => Promise<PreparedTransaction>;
};

export function callOf(
  { client, meterId }: Pick<Context, "client" | "meterId">,
  batch: StoredBatch,
  { isRetired }: Head,
): BatchCall {
  if (batch.mode === "open") {
    const parameters = { meterId, batches: batch.offers };
    return {
      simulate: () => settleOpen.simulate(client, parameters),
      prepare: () => settleOpen.prepare(client, parameters),
    };
  }
  if (isRetired) {
    const parameters = { meterId, offers: batch.offers };
    return {
      simulate: () => settleRetired.simulate(client, parameters),
      prepare: () => settleRetired.prepare(client, parameters),
    };
  }
  const parameters = { batch: builtBatch(client, meterId, batch), proof: batch.proof as Proof };
  return {
    simulate: () => settleBatch.simulate(client, parameters),
    prepare: () => settleBatch.prepare(client, parameters),
  };
}

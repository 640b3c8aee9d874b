export type { AnonymitySet, Batch, BatchRow } from "../core/batch.ts";
export type { Proof } from "../core/proof.ts";
export * from "./buildBatch.ts";
export type { BatchRowInput } from "./checkRow.ts";
export * from "./describeAnonymity.ts";
export { INSTANCES, type Instance } from "./instances.ts";
export type { BatchOfferInput } from "./offers.ts";

export type { SettleRules } from "./context.ts";
export * from "./createSettler.ts";
export { type CreateProverParameters, createProver, type ProveBatch } from "./prover.ts";
export type { JobHandler, JobQueue } from "./queue.ts";
export * from "./receipts.ts";
export type { Reporter, SettleReport } from "./report.ts";
export * from "./status.ts";
export { createStoreQueue, type StoreQueueParameters } from "./storeQueue.ts";

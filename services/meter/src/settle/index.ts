export type { SettleRules } from "./context.ts";
export * from "./createSettler.ts";
export { formatStatus } from "./formatStatus.ts";
export { type CreateProverParameters, createProver, type ProveBatch } from "./prover.ts";
export type { JobHandler, JobQueue } from "./queue.ts";
export * from "./receipts.ts";
export type { Reporter, SettleReport } from "./report.ts";
export {
  type Currency,
  type MeterStatus,
  type StatusOfParameters,
  type StatusOfReturnType,
  statusOf,
  type Unsettled,
  type UnsettledReason,
} from "./status.ts";
export { createStoreQueue, type StoreQueueParameters } from "./storeQueue.ts";

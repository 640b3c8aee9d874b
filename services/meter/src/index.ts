export * from "./content/encryptContent.ts";
export { fileStorage } from "./content/fileStorage.ts";
export type { StoredContent } from "./content/openContent.ts";
export * from "./content/s3Storage.ts";
export * from "./content/serveContent.ts";
export type { ContentStorage, StoredRange } from "./content/storage.ts";
export { type RegisteredContent, type VerifyStoredReturnType, verifyStored } from "./content/verifyStored.ts";
export * from "./createMeter.ts";
export * from "./errors.ts";
export type { MeterEvents } from "./gateway/events.ts";
export type { RefusalReason } from "./gateway/refusal.ts";
export type { Answer, Call, Serve, ServeResponse } from "./serve.ts";
export * from "./settle/index.ts";
export { createPgBossQueue, type PgBossQueueParameters } from "./settle/pgBossQueue.ts";
export type { Health } from "./store/health.ts";
export { postgresStore } from "./store/postgres.ts";
export { sqliteStore } from "./store/sqlite.ts";
export type * from "./store/store.ts";
export * from "./wrap/http.ts";
export * from "./wrap/openai.ts";
export {
  type CreateExactPaymentsParameters,
  createExactPayments,
  type ExactHandler,
  type ExactRefused,
  type ExactResumed,
} from "./x402/createExactPayments.ts";
export type { ExactAccepted } from "./x402/exactAnswers.ts";
export { type ExactRefusal, PAYMENT_HEADER } from "./x402/exactRequest.ts";
export type { ExactKey, ExactPayment, ExactPayments, ExactReceived, ExactState } from "./x402/exactStore.ts";
export { localFacilitator } from "./x402/localFacilitator.ts";
export { sqliteExactPayments } from "./x402/sqliteExactPayments.ts";
export { createVoucherFacilitator } from "./x402/voucherFacilitator.ts";
export type {
  VoucherCall,
  VoucherPort,
  VoucherRefusal,
  VoucherSettlement,
  VoucherVerdict,
} from "./x402/voucherPort.ts";
export { createVoucherServer, type VoucherOptionParameters, voucherOption } from "./x402/voucherServer.ts";

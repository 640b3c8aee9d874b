export * from "./createMeter.ts";
export * from "./errors.ts";
export type { MeterEvents } from "./gateway/events.ts";
export type { RefusalReason } from "./gateway/refusal.ts";
export type { Call, Serve } from "./serve.ts";
export { createPgBossQueue, type PgBossQueueParameters } from "./settle/pgBossQueue.ts";
export { postgresStore } from "./store/postgres.ts";
export { sqliteStore } from "./store/sqlite.ts";
export type * from "./store/store.ts";

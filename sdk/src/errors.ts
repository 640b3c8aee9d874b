export * from "./errors/base.ts";
export * from "./errors/chain.ts";
export * from "./errors/content.ts";
export * from "./errors/metering.ts";
export * from "./errors/payment.ts";
export * from "./errors/proofs.ts";
export * from "./errors/subnets.ts";

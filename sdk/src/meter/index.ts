export type { SignedVoucher, Voucher } from "../core/voucher.ts";
export * from "./createMeter.ts";
export * from "./createVoucherVerifier.ts";
export type { MeteredLicense, Refusal } from "./judgeVoucher.ts";
export type { Implementation } from "./recovery.ts";

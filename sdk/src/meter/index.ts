export type { Opening } from "../shared/opening.ts";
export type {
  AnyVoucher,
  PrivateVoucher,
  SignedPrivateVoucher,
  SignedVoucher,
  Voucher,
} from "../shared/voucher.ts";
export type { LoneRow, PrivateBatchLimits, PrivateVoucherBatch, VoucherBatch } from "./batches.ts";
export * from "./createBooks.ts";
export * from "./createVoucherVerifier.ts";
export { judgeVoucher, type MeteredLicense, type Refusal, type UsageSoFar } from "./judgeVoucher.ts";
export type { Implementation } from "./recovery.ts";

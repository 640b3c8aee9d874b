export {
  ContentDeliveryError,
  ContentHashMismatchError,
  MessageFormatError,
  ReceiptInvalidError,
  RequirementsMismatchError,
  VoucherLimitError,
} from "../errors.ts";
export type { Opening } from "../shared/opening.ts";
export type { AnyVoucher, SignedPrivateVoucher, SignedVoucher } from "../shared/voucher.ts";
export * from "./fetchContent.ts";
export {
  fromHeader,
  type OpeningMessage,
  openingFromMessage,
  openingToMessage,
  toHeader,
  USED_HEADER,
  VOUCHER_HEADER,
  type VoucherMessage,
  voucherFromMessage,
  voucherToMessage,
} from "./messages.ts";
export {
  RECEIPTS_PATH,
  type Receipt,
  type ReceiptMessage,
  receiptFromMessage,
  receiptToMessage,
} from "./receipt.ts";
export { MESSAGE_VERSION, openingSchema, receiptSchema, voucherDueSchema, voucherSchema } from "./schema.ts";
export type { CountStore, SignedCount, VoucherSessionParameters } from "./session.ts";
export * from "./verifyReceipt.ts";
export {
  readVoucherDue,
  type VoucherDue,
  type VoucherDueMessage,
  voucherDueFromMessage,
  voucherDueToMessage,
} from "./voucherDue.ts";
export * from "./withVouchers.ts";
export {
  createVoucherScheme,
  type ExactSigner,
  toExactSigner,
  VOUCHER_SCHEME,
  type VoucherPayload,
  type VoucherRequirements,
  type VoucherScheme,
} from "./x402.ts";

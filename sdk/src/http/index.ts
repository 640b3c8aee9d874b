export {
  ContentDeliveryError,
  ContentHashMismatchError,
  MessageFormatError,
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
export { MESSAGE_VERSION, openingSchema, voucherDueSchema, voucherSchema } from "./schema.ts";
export type { CountStore, SignedCount, VoucherSessionParameters } from "./session.ts";
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

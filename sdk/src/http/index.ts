export {
  ContentDeliveryError,
  ContentHashMismatchError,
  MessageFormatError,
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
export {
  readVoucherDue,
  type VoucherDue,
  type VoucherDueMessage,
  voucherDueFromMessage,
  voucherDueToMessage,
} from "./voucherDue.ts";
export * from "./withVouchers.ts";

export { MessageFormatError } from "../errors.ts";
export type { Opening } from "../shared/opening.ts";
export type { AnyVoucher, SignedPrivateVoucher, SignedVoucher } from "../shared/voucher.ts";
export * from "./messages.ts";
export { MESSAGE_VERSION, openingSchema, voucherSchema } from "./schema.ts";

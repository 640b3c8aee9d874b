import { MessageFormatError } from "../errors.ts";
import type { AnyVoucher } from "../shared/voucher.ts";
import {
  fieldsOf,
  MAX_64,
  readUint,
  USED_HEADER,
  type VoucherMessage,
  voucherFromMessage,
  voucherToMessage,
} from "./messages.ts";
import { MESSAGE_VERSION } from "./schema.ts";

/** A meter's answer with HTTP status 402: it counted more than the sent voucher covers. */
export type VoucherDue = {
  readonly licenseId: bigint;
  /** Units used so far, without the refused call. */
  readonly used: bigint;
  /** The license's newest voucher at the meter: a customer that lost its count finds it here. */
  readonly voucher?: AnyVoucher;
};

/** `VoucherDue` as JSON, by `voucherDueSchema`. */
export type VoucherDueMessage = {
  readonly version: number;
  readonly licenseId: string;
  readonly used: string;
  readonly voucher?: VoucherMessage;
};

const FIELDS = ["version", "licenseId", "used", "voucher"];

/** The body of an answer with status 402. */
export function voucherDueToMessage({ licenseId, used, voucher }: VoucherDue): VoucherDueMessage {
  return {
    version: MESSAGE_VERSION,
    licenseId: licenseId.toString(),
    used: used.toString(),
    ...(voucher && { voucher: voucherToMessage(voucher) }),
  };
}

/**
 * The content of a body with status 402.
 *
 * @throws {@link MessageFormatError} unless the message follows `voucherDueSchema` and its numbers are within their bits
 */
export function voucherDueFromMessage(message: unknown): VoucherDue {
  const fields = fieldsOf(message, FIELDS);
  const licenseId = readUint(fields, "licenseId", MAX_64);
  const used = readUint(fields, "used", MAX_64);
  return { licenseId, used, ...(fields.voucher !== undefined && { voucher: nested(fields.voucher) }) };
}

function nested(message: unknown): AnyVoucher {
  try {
    return voucherFromMessage(message);
  } catch (error) {
    if (error instanceof MessageFormatError) throw error.within("/voucher");
    throw error;
  }
}

/**
 * The content of a meter's answer with status 402. Undefined for any other answer, also with 402: other protocols use
 * it too. Leaves the body unread.
 *
 * @throws {@link MessageFormatError} as `voucherDueFromMessage`
 */
export async function readVoucherDue(response: Response): Promise<VoucherDue | undefined> {
  if (response.status !== 402 || !response.headers.has(USED_HEADER)) return undefined;
  const message: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return voucherDueFromMessage(message);
}

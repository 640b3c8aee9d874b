import type { Hex } from "../core/abi.ts";
import { FIELD } from "../core/check.ts";
import { fieldsOf, MAX_32, MAX_64, readHex, readUint } from "./messages.ts";
import { MESSAGE_VERSION } from "./schema.ts";

/** What is settled of a license, and where. In private mode only its holder and its meter may see it. */
export type Receipt = {
  readonly licenseId: bigint;
  /** Metered units settled over the license's life. */
  readonly units: bigint;
  /** Contexts settled, one bit each. */
  readonly contexts: bigint;
  /** In private mode: opens the usage word with units and contexts. */
  readonly salt?: bigint;
  readonly meterId: bigint;
  readonly offerId: bigint;
  /** Hash of the transaction that settled it. */
  readonly hash: Hex;
  /** The license's place in the transaction's event, from 0. */
  readonly row: bigint;
};

/** A receipt as JSON, by `receiptSchema`. Whole numbers are decimal strings. */
export type ReceiptMessage = {
  readonly version: number;
  readonly licenseId: string;
  readonly units: string;
  readonly contexts: string;
  readonly salt?: string;
  readonly meterId: string;
  readonly offerId: string;
  /** 32 bytes in hex. */
  readonly hash: Hex;
  readonly row: string;
};

/** A meter answers GET with this path and a license id by a receipt, if a header has a voucher of the license. */
export const RECEIPTS_PATH = "/.well-known/benefit-grid/receipts/";

const FIELDS = ["version", "licenseId", "units", "contexts", "salt", "meterId", "offerId", "hash", "row"];

/** The body of a meter's answer. */
export function receiptToMessage(receipt: Receipt): ReceiptMessage {
  const { licenseId, units, contexts, salt, meterId, offerId, hash, row } = receipt;
  return {
    version: MESSAGE_VERSION,
    licenseId: licenseId.toString(),
    units: units.toString(),
    contexts: contexts.toString(),
    ...(salt !== undefined && { salt: salt.toString() }),
    meterId: meterId.toString(),
    offerId: offerId.toString(),
    hash,
    row: row.toString(),
  };
}

/**
 * The receipt of a message. `verifyReceipt` checks it against the chain.
 *
 * @param message parsed JSON from anybody
 * @throws {@link MessageFormatError} unless the message follows `receiptSchema` and its numbers are within their bits
 */
export function receiptFromMessage(message: unknown): Receipt {
  const fields = fieldsOf(message, FIELDS);
  return {
    licenseId: readUint(fields, "licenseId", MAX_64),
    units: readUint(fields, "units", MAX_64),
    contexts: readUint(fields, "contexts", MAX_32),
    ...(fields.salt !== undefined && { salt: readUint(fields, "salt", FIELD - 1n) }),
    meterId: readUint(fields, "meterId", MAX_32),
    offerId: readUint(fields, "offerId", MAX_64),
    hash: readHex(fields, "hash", 32),
    row: readUint(fields, "row", MAX_32),
  };
}

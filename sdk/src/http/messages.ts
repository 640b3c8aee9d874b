import type { Hex } from "../core/abi.ts";
import { FIELD } from "../core/check.ts";
import { MessageFormatError } from "../errors.ts";
import type { Opening } from "../shared/opening.ts";
import { type AnyVoucher, isPrivate, type SignedPrivateVoucher } from "../shared/voucher.ts";
import { MESSAGE_VERSION } from "./schema.ts";

/** A signed voucher as JSON, by `voucherSchema`. Whole numbers are decimal strings. */
export type VoucherMessage = {
  readonly version: number;
  readonly licenseId: string;
  readonly units: string;
  readonly contexts: string;
  /** 65 bytes in hex. */
  readonly signature: Hex;
  /** In private mode: 32 bytes in hex. */
  readonly usage?: Hex;
  readonly salt?: string;
};

/** An opening as JSON, by `openingSchema`. Whole numbers are decimal strings. */
export type OpeningMessage = {
  readonly version: number;
  readonly units: string;
  readonly contexts: string;
  readonly salt: string;
};

/** HTTP header with a voucher, by `toHeader`. */
export const VOUCHER_HEADER = "Benefit-Grid-Voucher";

/** HTTP header of an answer: units used so far by the license, as a decimal string. */
export const USED_HEADER = "Benefit-Grid-Used";

/** A longer header is refused unread. A private voucher takes some 600 characters. */
const MAX_HEADER_LENGTH = 2_048;

/**
 * A voucher for JSON.
 *
 * @example
 * ```ts
 * const body = JSON.stringify(voucherToMessage(voucher));
 * const headers = { [VOUCHER_HEADER]: toHeader(voucherToMessage(voucher)) };
 * ```
 */
export function voucherToMessage(voucher: AnyVoucher): VoucherMessage {
  const { licenseId, units, contexts, signature } = voucher;
  return {
    version: MESSAGE_VERSION,
    licenseId: licenseId.toString(),
    units: units.toString(),
    contexts: contexts.toString(),
    signature,
    ...(isPrivate(voucher) && { usage: voucher.usage, salt: voucher.salt.toString() }),
  };
}

/**
 * The voucher of a message. Its format is right; `createVoucherVerifier` checks signature and opening.
 *
 * @param message parsed JSON from anybody
 * @throws {@link MessageFormatError} unless the message follows `voucherSchema` and its numbers are within their bits
 */
export function voucherFromMessage(message: unknown): AnyVoucher {
  const fields = fieldsOf(message, VOUCHER_FIELDS);
  const voucher = {
    licenseId: readUint(fields, "licenseId", MAX_64),
    units: readUint(fields, "units", MAX_64),
    contexts: readUint(fields, "contexts", MAX_32),
    signature: readHex(fields, "signature", 65),
  };
  if (fields.usage === undefined && fields.salt === undefined) return voucher;
  return {
    ...voucher,
    usage: readHex(fields, "usage", 32),
    salt: readUint(fields, "salt", FIELD - 1n),
  } satisfies SignedPrivateVoucher;
}

/** An opening for JSON. Only the license's holder and its meter may see it. */
export function openingToMessage({ units, contexts, salt }: Opening): OpeningMessage {
  return {
    version: MESSAGE_VERSION,
    units: units.toString(),
    contexts: contexts.toString(),
    salt: salt.toString(),
  };
}

/**
 * The opening of a message. `verifyOpening` checks it against the chain.
 *
 * @param message parsed JSON from anybody
 * @throws {@link MessageFormatError} unless the message follows `openingSchema` and its numbers are within their bits
 */
export function openingFromMessage(message: unknown): Opening {
  const fields = fieldsOf(message, OPENING_FIELDS);
  return {
    units: readUint(fields, "units", MAX_64),
    contexts: readUint(fields, "contexts", MAX_32),
    salt: readUint(fields, "salt", FIELD - 1n),
  };
}

/** A message as the value of an HTTP header: its JSON in base64url (RFC 4648) without padding. */
export function toHeader(message: VoucherMessage | OpeningMessage): string {
  return btoa(JSON.stringify(message)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The message in a header's value, for `voucherFromMessage` or `openingFromMessage`.
 *
 * @throws {@link MessageFormatError} unless the value is JSON in base64url of at most 2,048 characters
 */
export function fromHeader(value: string): unknown {
  if (value.length > MAX_HEADER_LENGTH) {
    throw new MessageFormatError("", `has ${value.length} characters, more than ${MAX_HEADER_LENGTH}`);
  }
  if (!/^[A-Za-z0-9_-]*$/.test(value)) throw new MessageFormatError("", "is not base64url without padding");
  try {
    return JSON.parse(atob(value.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    throw new MessageFormatError("", "is not JSON in base64url");
  }
}

export type Fields = Readonly<Record<string, unknown>>;

const VOUCHER_FIELDS = ["version", "licenseId", "units", "contexts", "signature", "usage", "salt"];
const OPENING_FIELDS = ["version", "units", "contexts", "salt"];
export const MAX_64 = (1n << 64n) - 1n;
export const MAX_32 = (1n << 32n) - 1n;

/** The fields of a message of our version. Refuses names that an older reader would ignore. */
export function fieldsOf(message: unknown, names: readonly string[]): Fields {
  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    throw new MessageFormatError("", "is not a JSON object");
  }
  const fields = message as Fields;
  if (fields.version !== MESSAGE_VERSION) {
    throw new MessageFormatError(
      "/version",
      `is ${shown(fields.version)}, but this reader knows ${MESSAGE_VERSION}`,
    );
  }
  const unknown = Object.keys(fields).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new MessageFormatError(pointer(unknown), "is unknown");
  return fields;
}

export function readUint(fields: Fields, name: string, maximum: bigint): bigint {
  const value = fields[name];
  if (typeof value !== "string" || !/^(0|[1-9][0-9]{0,77})$/.test(value)) {
    throw new MessageFormatError(pointer(name), `is ${shown(value)}, not a whole number as a decimal string`);
  }
  const number = BigInt(value);
  if (number > maximum) throw new MessageFormatError(pointer(name), `is above ${maximum}`);
  return number;
}

export function readHex(fields: Fields, name: string, bytes: number): Hex {
  const value = fields[name];
  if (typeof value === "string" && value.length === 2 + 2 * bytes && /^0x[0-9a-fA-F]*$/.test(value)) {
    return value as Hex;
  }
  throw new MessageFormatError(pointer(name), `is ${shown(value)}, not ${bytes} bytes in hex`);
}

/** A JSON pointer (RFC 6901). */
function pointer(name: string): string {
  return `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function shown(value: unknown): string {
  const text = value === undefined ? "missing" : (JSON.stringify(value) ?? typeof value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

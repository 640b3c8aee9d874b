import type { SignedPrivateVoucher } from "@benefit-grid/sdk";
import type { AskRequest, VoucherMessage } from "./protocol.ts";

/** A refused request, with its HTTP status. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly status: 400 | 403;

  constructor(status: RefusedError["status"], message: string) {
    super(message);
    this.status = status;
  }
}

export type ParsedRequest = {
  readonly licenseId: bigint;
  readonly contexts: bigint;
  /** Not checked here: `answer` checks it. */
  readonly question: string;
  readonly voucher?: Omit<SignedPrivateVoucher, "licenseId" | "contexts">;
};

/** Parses a request's body. @throws {RefusedError} if it is malformed */
export function readRequest(body: unknown): ParsedRequest {
  const { licenseId, contexts, question, voucher } = (body ?? {}) as Partial<AskRequest>;
  return {
    licenseId: readUint("licenseId", licenseId, 64),
    contexts: readUint("contexts", contexts, 32),
    question: question as string,
    ...(voucher !== undefined && { voucher: readVoucher(voucher) }),
  };
}

function readVoucher(voucher: unknown): ParsedRequest["voucher"] {
  const { units, salt, usage, signature } = (voucher ?? {}) as Partial<VoucherMessage>;
  return {
    units: readUint("voucher.units", units, 64),
    salt: readUint("voucher.salt", salt, 254),
    usage: readHex("voucher.usage", usage, 32),
    signature: readHex("voucher.signature", signature, 65),
  };
}

function readUint(name: string, value: unknown, bits: number): bigint {
  const isDecimal = typeof value === "string" && /^\d{1,77}$/.test(value);
  if (!isDecimal || BigInt(value) >> BigInt(bits) !== 0n) {
    throw new RefusedError(400, `\`${name}\` needs to be a decimal text of at most ${bits} bits.`);
  }
  return BigInt(value);
}

function readHex(name: string, value: unknown, bytes: number): `0x${string}` {
  const isHex = typeof value === "string" && value.length === 2 + 2 * bytes && /^0x[0-9a-fA-F]*$/.test(value);
  if (isHex) return value as `0x${string}`;
  throw new RefusedError(400, `\`${name}\` needs to be ${bytes} bytes in hexadecimal.`);
}

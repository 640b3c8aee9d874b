import type { Hex } from "../core/abi.ts";
import { GridError } from "./base.ts";

/** A meter asks for more units than a limit allows. Nothing was signed. */
export class VoucherLimitError extends GridError {
  override readonly name = "VoucherLimitError";
  readonly licenseId: bigint;
  /** Units of the voucher that the meter asks for. */
  readonly units: bigint;
  /** Units allowed by the limit. */
  readonly allowed: bigint;
  readonly limit: "maxUnits" | "maxUnitsPerCall";

  constructor(licenseId: bigint, units: bigint, allowed: bigint, limit: VoucherLimitError["limit"]) {
    super(
      "VOUCHER_LIMIT",
      `The meter asks for a voucher of ${units} units of license ${licenseId}, but \`${limit}\` allows ${allowed}. Compare the meter's count with your use. Raise the limit if the count is right.`,
    );
    this.licenseId = licenseId;
    this.units = units;
    this.allowed = allowed;
    this.limit = limit;
  }
}

/** A server's x402 payment requirements do not fit the license or the limits. Nothing was signed. */
export class RequirementsMismatchError extends GridError {
  override readonly name = "RequirementsMismatchError";
  /** Path in the requirements: `extra.offerId`. */
  readonly field: string;
  readonly actual: unknown;
  readonly expected: string;

  constructor(field: string, actual: unknown, expected: string) {
    super(
      "REQUIREMENTS_MISMATCH",
      `The server's payment requirements have ${JSON.stringify(actual)} as \`${field}\`, but this license needs ${expected}. Use a license of the server's offer, or raise \`maxUnitsPerCall\` if the amount is right.`,
    );
    this.field = field;
    this.actual = actual;
    this.expected = expected;
  }
}

/** A meter's receipt does not agree with the chain. */
export class ReceiptInvalidError extends GridError {
  override readonly name = "ReceiptInvalidError";
  readonly licenseId: bigint;
  /**
   * - `LicenseMismatch`: the receipt is for another license
   * - `TransactionNotFound`: no transaction with this hash is mined
   * - `TransactionReverted`: it changed nothing
   * - `SettlementNotFound`: it settled nothing of this offer by this meter at the ledger
   * - `RowMismatch`: its row is not this license's
   * - `UsageMismatch`: it settled another usage of the license
   * - `UsageBehind`: the ledger has less than it settled
   */
  readonly reason:
    | "LicenseMismatch"
    | "TransactionNotFound"
    | "TransactionReverted"
    | "SettlementNotFound"
    | "RowMismatch"
    | "UsageMismatch"
    | "UsageBehind";

  constructor(licenseId: bigint, reason: ReceiptInvalidError["reason"], problem: string) {
    super(
      "RECEIPT_INVALID",
      `The receipt of license ${licenseId} does not hold: ${problem}. Fetch it again, and ask the meter if it stays wrong.`,
    );
    this.licenseId = licenseId;
    this.reason = reason;
  }
}

/** A batch has only one license of an offer, so it would publish that license's count. */
export class LoneRowError extends GridError {
  override readonly name = "LoneRowError";
  readonly offerId: bigint;
  /** The last moment to settle the voucher, seconds since 1970. Undefined if unknown. */
  readonly settleBy: bigint | undefined;

  constructor(offerId: bigint, settleBy?: bigint) {
    const until =
      settleBy === undefined
        ? ""
        : ` It can be settled until ${new Date(Number(settleBy) * 1_000).toISOString()}.`;
    super(
      "LONE_ROW",
      `Only one license of offer ${offerId} has a voucher, so the offer's total would publish its count.${until} Wait for another voucher, ask a customer for a cover (the same units, another cover number), or pass \`allowLone: true\`.`,
    );
    this.offerId = offerId;
    this.settleBy = settleBy;
  }
}

/** No tried voucher opens a license's usage word. */
export class OpeningNotFoundError extends GridError {
  override readonly name = "OpeningNotFoundError";
  readonly licenseId: bigint;
  /** The usage word. */
  readonly usage: Hex;
  /** How many vouchers were tried. */
  readonly tried: number;

  constructor(licenseId: bigint, usage: Hex, tried: number) {
    super(
      "OPENING_NOT_FOUND",
      `None of ${tried} vouchers opens the usage word ${usage} of license ${licenseId}. Ask the meter for the opening, widen the search, or check that the right wallet derived the secret.`,
    );
    this.licenseId = licenseId;
    this.usage = usage;
    this.tried = tried;
  }
}

import type { Hex, Revert } from "./core/abi.ts";

/** A parameter can never be valid. Nothing was sent. */
export class InvalidParameterError extends Error {
  override readonly name = "InvalidParameterError";
  /** Path of the parameter: `shares[2].units`. */
  readonly parameter: string;

  constructor(parameter: string, problem: string, advice: string) {
    super(`\`${parameter}\` ${problem}. ${advice}.`);
    this.parameter = parameter;
  }
}

/** A message from somebody else is malformed. Answer it with HTTP status 400. */
export class MessageFormatError extends Error {
  override readonly name = "MessageFormatError";
  /** JSON pointer (RFC 6901) to the wrong place. Empty for the whole message. */
  readonly pointer: string;
  readonly problem: string;

  constructor(pointer: string, problem: string) {
    super(`${pointer === "" ? "The message" : `\`${pointer}\` of the message`} ${problem}.`);
    this.pointer = pointer;
    this.problem = problem;
  }

  /** The same error of a message inside of another. */
  within(pointer: string): MessageFormatError {
    return new MessageFormatError(`${pointer}${this.pointer}`, this.problem);
  }
}

/** A meter asks for more units than a limit allows. Nothing was signed. */
export class VoucherLimitError extends Error {
  override readonly name = "VoucherLimitError";
  readonly licenseId: bigint;
  /** Units of the voucher that the meter asks for. */
  readonly units: bigint;
  /** Units allowed by the limit. */
  readonly allowed: bigint;
  readonly limit: "maxUnits" | "maxUnitsPerCall";

  constructor(licenseId: bigint, units: bigint, allowed: bigint, limit: VoucherLimitError["limit"]) {
    super(
      `The meter asks for a voucher of ${units} units of license ${licenseId}, but \`${limit}\` allows ${allowed}. Compare the meter's count with your use. Raise the limit if the count is right.`,
    );
    this.licenseId = licenseId;
    this.units = units;
    this.allowed = allowed;
    this.limit = limit;
  }
}

/** A server's x402 payment requirements do not fit the license or the limits. Nothing was signed. */
export class RequirementsMismatchError extends Error {
  override readonly name = "RequirementsMismatchError";
  /** Path in the requirements: `extra.offerId`. */
  readonly field: string;
  readonly actual: unknown;
  readonly expected: string;

  constructor(field: string, actual: unknown, expected: string) {
    super(
      `The server's payment requirements have ${JSON.stringify(actual)} as \`${field}\`, but this license needs ${expected}. Use a license of the server's offer, or raise \`maxUnitsPerCall\` if the amount is right.`,
    );
    this.field = field;
    this.actual = actual;
    this.expected = expected;
  }
}

/** Content is not the one that the capsule's version has on chain. Do not use it. */
export class ContentHashMismatchError extends Error {
  override readonly name = "ContentHashMismatchError";
  readonly capsuleId: bigint;
  readonly version: bigint;
  /** SHA-256 on chain. */
  readonly expected: Hex;
  /** SHA-256 of the content. */
  readonly actual: Hex;

  constructor(capsuleId: bigint, version: bigint, expected: Hex, actual: Hex) {
    super(
      `The content has SHA-256 ${actual}, but version ${version} of capsule ${capsuleId} is ${expected}. Do not use it. Check the file and the version.`,
    );
    this.capsuleId = capsuleId;
    this.version = version;
    this.expected = expected;
    this.actual = actual;
  }
}

/** A server did not deliver content. The bytes before are in the sink: continue with them as `have`. */
export class ContentDeliveryError extends Error {
  override readonly name = "ContentDeliveryError";
  readonly url: string;
  /** Bytes received and written, `have` included. */
  readonly received: number;
  /** HTTP status. Undefined if there was no answer, or it broke off. */
  readonly status: number | undefined;

  constructor(url: string, received: number, problem: string, status?: number, cause?: unknown) {
    super(`${url} ${problem} after ${received} bytes. Try again later, with these bytes as \`have\`.`, {
      cause,
    });
    this.url = url;
    this.received = received;
    this.status = status;
  }
}

/** A meter's receipt does not agree with the chain. */
export class ReceiptInvalidError extends Error {
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
      `The receipt of license ${licenseId} does not hold: ${problem}. Fetch it again, and ask the meter if it stays wrong.`,
    );
    this.licenseId = licenseId;
    this.reason = reason;
  }
}

/** This version of the package knows no deployment on the chain. */
export class DeploymentNotFoundError extends Error {
  override readonly name = "DeploymentNotFoundError";
  readonly chainId: bigint;
  /** Chains with a known deployment. */
  readonly chainIds: readonly bigint[];

  constructor(chainId: bigint, chainIds: readonly bigint[]) {
    const known = chainIds.length === 0 ? "no chain" : `chains ${chainIds.join(", ")}`;
    super(
      `This package knows no deployment of Benefit Grid on chain ${chainId}. It has deployments on ${known}. Connect to another chain, or pass your own \`deployment\`.`,
    );
    this.chainId = chainId;
    this.chainIds = chainIds;
  }
}

/** The wallet's signatures of the same message differ, so a secret derived from one could not be recovered. */
export class SignatureNotRepeatableError extends Error {
  override readonly name = "SignatureNotRepeatableError";

  constructor() {
    super(
      "The wallet signed the same message in two different ways, so it could not derive the same secret again. Use 32 random bytes as the secret or salt, and store them safely.",
    );
  }
}

/** A batch has only one license of an offer, so it would publish that license's count. */
export class LoneRowError extends Error {
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
      `Only one license of offer ${offerId} has a voucher, so the offer's total would publish its count.${until} Wait for another voucher, ask a customer for a cover (the same units, another cover number), or pass \`allowLone: true\`.`,
    );
    this.offerId = offerId;
    this.settleBy = settleBy;
  }
}

/** A circuit's witness generator or proving key was not found. */
export class ArtifactNotFoundError extends Error {
  override readonly name = "ArtifactNotFoundError";
  /** Name of the file. */
  readonly artifact: string;
  readonly location: string;

  constructor(artifact: string, location: string) {
    super(
      `${artifact} was not found at ${location}. Build it in the repository by \`npm run circuits\` (add \`-- --all\` for 128 rows), or pass its location as \`artifacts\`.`,
    );
    this.artifact = artifact;
    this.location = location;
  }
}

/** A circuit's witness generator or proving key is not of this version of the package. */
export class ArtifactHashMismatchError extends Error {
  override readonly name = "ArtifactHashMismatchError";
  /** Name of the file. */
  readonly artifact: string;
  /** SHA-256 in hex. */
  readonly expected: string;
  readonly actual: string;

  constructor(artifact: string, expected: string, actual: string) {
    super(
      `The loaded ${artifact} has SHA-256 ${actual}, but this package expects ${expected}. It is of another version, or not ours. Build the right one by \`npm run circuits\`.`,
    );
    this.artifact = artifact;
    this.expected = expected;
    this.actual = actual;
  }
}

/** The proof's public signals are not the expected ones, so every verifier would refuse it. */
export class ProofMismatchError extends Error {
  override readonly name = "ProofMismatchError";
  readonly expected: readonly bigint[];
  readonly actual: readonly bigint[];

  constructor(expected: readonly bigint[], actual: readonly bigint[]) {
    super(
      `The proof's public signals are ${actual.join(", ")}, but expected are ${expected.join(", ")}. Build the input again and prove it unchanged.`,
    );
    this.expected = expected;
    this.actual = actual;
  }
}

/** No tried voucher opens a license's usage word. */
export class OpeningNotFoundError extends Error {
  override readonly name = "OpeningNotFoundError";
  readonly licenseId: bigint;
  /** The usage word. */
  readonly usage: Hex;
  /** How many vouchers were tried. */
  readonly tried: number;

  constructor(licenseId: bigint, usage: Hex, tried: number) {
    super(
      `None of ${tried} vouchers opens the usage word ${usage} of license ${licenseId}. Ask the meter for the opening, widen the search, or check that the right wallet derived the secret.`,
    );
    this.licenseId = licenseId;
    this.usage = usage;
    this.tried = tried;
  }
}

/** The guardian's council proposed no operation with this id. */
export class OperationNotFoundError extends Error {
  override readonly name = "OperationNotFoundError";
  readonly operationId: Hex;

  constructor(operationId: Hex) {
    super(`The council proposed no operation with id ${operationId}. Check the id and the chain.`);
    this.operationId = operationId;
  }
}

/**
 * A contract reverted. `name` is its custom error and narrows `args`. `Error` and `Panic` are Solidity's own.
 * `UnknownRevert` is any other error, such as a token's.
 *
 * @example
 * ```ts
 * try {
 *   await settleOpen(client, { meterId, batches });
 * } catch (error) {
 *   if (error instanceof ContractRevertError && error.name === "VoucherNotNewer") console.log(error.args.oldUnits);
 *   else throw error;
 * }
 * ```
 */
export type ContractRevertError = Error & Revert;

class RevertError extends Error {
  override readonly name: string;
  readonly args: object;

  constructor({ name, args }: Revert, cause: unknown) {
    const list = Object.entries(args).map(([key, value]) => `${key}: ${value}`);
    super(`The contract reverted with ${name}(${list.join(", ")}).`, { cause });
    this.name = name;
    this.args = args;
  }
}

// A class cannot be a union, but its type can.
export const ContractRevertError = RevertError as new (revert: Revert, cause: unknown) => ContractRevertError;

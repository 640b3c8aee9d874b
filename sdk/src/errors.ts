import type { ContractName, Hex, Revert } from "./core/abi.ts";

/** The contract's function that was called. */
export type FailedCall = { readonly contract?: ContractName; readonly function?: string };

/** Any error of this package. */
export class GridError extends Error {
  /** The same in all versions and copies of this package, such as `"INVALID_PARAMETER"`. */
  readonly code: string;
  /** What is wrong, without advice: the message's first sentence. */
  readonly shortMessage: string;
  /** The contract that was called, if one was. */
  readonly contract: ContractName | undefined;
  /** Its function. */
  readonly function: string | undefined;

  constructor(code: string, message: string, call: FailedCall = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.shortMessage = message.split(/(?<=\.) (?=[A-Z])/)[0] as string;
    this.contract = call.contract;
    this.function = call.function;
  }
}

/** A parameter can never be valid. Nothing was sent. */
export class InvalidParameterError extends GridError {
  override readonly name = "InvalidParameterError";
  /** Path of the parameter: `shares[2].units`. */
  readonly parameter: string;

  constructor(parameter: string, problem: string, advice: string) {
    super("INVALID_PARAMETER", `\`${parameter}\` ${problem}. ${advice}.`);
    this.parameter = parameter;
  }
}

/** A message from somebody else is malformed. Answer it with HTTP status 400. */
export class MessageFormatError extends GridError {
  override readonly name = "MessageFormatError";
  /** JSON pointer (RFC 6901) to the wrong place. Empty for the whole message. */
  readonly pointer: string;
  readonly problem: string;

  constructor(pointer: string, problem: string) {
    super(
      "MESSAGE_FORMAT",
      `${pointer === "" ? "The message" : `\`${pointer}\` of the message`} ${problem}.`,
    );
    this.pointer = pointer;
    this.problem = problem;
  }

  /** The same error of a message inside of another. */
  within(pointer: string): MessageFormatError {
    return new MessageFormatError(`${pointer}${this.pointer}`, this.problem);
  }
}

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

/** Content is not the one that the capsule's version has on chain. Do not use it. */
export class ContentHashMismatchError extends GridError {
  override readonly name = "ContentHashMismatchError";
  readonly capsuleId: bigint;
  readonly version: bigint;
  /** SHA-256 on chain. */
  readonly expected: Hex;
  /** SHA-256 of the content. */
  readonly actual: Hex;

  constructor(capsuleId: bigint, version: bigint, expected: Hex, actual: Hex) {
    super(
      "CONTENT_HASH_MISMATCH",
      `The content has SHA-256 ${actual}, but version ${version} of capsule ${capsuleId} is ${expected}. Do not use it. Check the file and the version.`,
    );
    this.capsuleId = capsuleId;
    this.version = version;
    this.expected = expected;
    this.actual = actual;
  }
}

/** A server did not deliver content. The bytes before are in the sink: continue with them as `have`. */
export class ContentDeliveryError extends GridError {
  override readonly name = "ContentDeliveryError";
  readonly url: string;
  /** Bytes received and written, `have` included. */
  readonly received: number;
  /** HTTP status. Undefined if there was no answer, or it broke off. */
  readonly status: number | undefined;

  constructor(url: string, received: number, problem: string, status?: number, cause?: unknown) {
    super(
      "CONTENT_DELIVERY",
      `${url} ${problem} after ${received} bytes. Try again later, with these bytes as \`have\`.`,
      {},
      {
        cause,
      },
    );
    this.url = url;
    this.received = received;
    this.status = status;
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

/** This version of the package knows no deployment on the chain. */
export class DeploymentNotFoundError extends GridError {
  override readonly name = "DeploymentNotFoundError";
  readonly chainId: bigint;
  /** Chains with a known deployment. */
  readonly chainIds: readonly bigint[];

  constructor(chainId: bigint, chainIds: readonly bigint[]) {
    const known = chainIds.length === 0 ? "no chain" : `chains ${chainIds.join(", ")}`;
    super(
      "DEPLOYMENT_NOT_FOUND",
      `This package knows no deployment of Benefit Grid on chain ${chainId}. It has deployments on ${known}. Connect to another chain, or pass your own \`deployment\`.`,
    );
    this.chainId = chainId;
    this.chainIds = chainIds;
  }
}

/** There is no contract at an address of the deployment. Calls to it would do nothing. */
export class ContractNotFoundError extends GridError {
  override readonly name = "ContractNotFoundError";
  readonly chainId: bigint;
  /** The missing contracts and their addresses. */
  readonly missing: Readonly<Record<string, string>>;

  constructor(chainId: bigint, missing: Readonly<Record<string, string>>) {
    const names = Object.keys(missing);
    const more = names.length - 1;
    const others = more === 0 ? "" : `, nor ${more} other contract${more === 1 ? "" : "s"} of the deployment`;
    super(
      "CONTRACT_NOT_FOUND",
      `Chain ${chainId} has no contract ${names[0]} at ${missing[names[0] as string]}${others}. Check the deployment's addresses, and that the node is synced to its block.`,
    );
    this.chainId = chainId;
    this.missing = missing;
  }
}

/** The node does not answer. */
export class NodeUnreachableError extends GridError {
  override readonly name = "NodeUnreachableError";

  constructor(call: FailedCall, cause: unknown) {
    const message =
      "The node does not answer. Check its address and the connection, and try again. A transaction may have been sent before: look it up first.";
    super("NODE_UNREACHABLE", message, call, { cause });
  }
}

/** The user refused to sign. Nothing was sent. */
export class UserRejectedError extends GridError {
  override readonly name = "UserRejectedError";

  constructor(call: FailedCall, cause: unknown) {
    super("USER_REJECTED", "The user rejected the request. Ask again if it was a mistake.", call, { cause });
  }
}

/** The account cannot pay for the transaction's gas. Nothing was sent. */
export class InsufficientFundsError extends GridError {
  override readonly name = "InsufficientFundsError";

  constructor(call: FailedCall, cause: unknown) {
    const message = "The account has too little of the chain's currency for gas. Send some to it.";
    super("INSUFFICIENT_FUNDS", message, call, { cause });
  }
}

/** The user canceled the transaction in the wallet, or replaced it by another one. */
export class TransactionCanceledError extends GridError {
  override readonly name = "TransactionCanceledError";
  /** Hash of the transaction that was replaced. */
  readonly hash: string;

  constructor(hash: string, call: FailedCall, cause: unknown) {
    super("TRANSACTION_CANCELED", `Transaction ${hash} was canceled or replaced by another one.`, call, {
      cause,
    });
    this.hash = hash;
  }
}

/** The wallet is on another chain than the client. Nothing was sent. */
export class ChainChangedError extends GridError {
  override readonly name = "ChainChangedError";

  constructor(call: FailedCall, cause?: unknown) {
    const message = "The wallet changed to another chain. Change it back, or create another client.";
    super("CHAIN_CHANGED", message, call, { cause });
  }
}

/** The wallet no longer has the client's account. Nothing was sent. */
export class AccountChangedError extends GridError {
  override readonly name = "AccountChangedError";
  /** Account of the client. */
  readonly account: string;
  /** Accounts of the wallet now. */
  readonly accounts: readonly string[];

  constructor(account: string, accounts: readonly string[]) {
    const now = accounts.length === 0 ? "no account" : accounts.join(", ");
    super(
      "ACCOUNT_CHANGED",
      `The client signs as ${account}, but the wallet is connected with ${now}. Create another client, or connect ${account} again.`,
    );
    this.account = account;
    this.accounts = accounts;
  }
}

/** The wallet's signatures of the same message differ, so a secret derived from one could not be recovered. */
export class SignatureNotRepeatableError extends GridError {
  override readonly name = "SignatureNotRepeatableError";

  constructor() {
    super(
      "SIGNATURE_NOT_REPEATABLE",
      "The wallet signed the same message in two different ways, so it could not derive the same secret again. Use 32 random bytes as the secret or salt, and store them safely.",
    );
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

/** A circuit's witness generator or proving key was not found. */
export class ArtifactNotFoundError extends GridError {
  override readonly name = "ArtifactNotFoundError";
  /** Name of the file. */
  readonly artifact: string;
  readonly location: string;

  constructor(artifact: string, location: string) {
    super(
      "ARTIFACT_NOT_FOUND",
      `${artifact} was not found at ${location}. Build it in the repository by \`npm run circuits\` (add \`-- --all\` for 128 rows), or pass its location as \`artifacts\`.`,
    );
    this.artifact = artifact;
    this.location = location;
  }
}

/** A circuit's witness generator or proving key is not of this version of the package. */
export class ArtifactHashMismatchError extends GridError {
  override readonly name = "ArtifactHashMismatchError";
  /** Name of the file. */
  readonly artifact: string;
  /** SHA-256 in hex. */
  readonly expected: string;
  readonly actual: string;

  constructor(artifact: string, expected: string, actual: string) {
    super(
      "ARTIFACT_HASH_MISMATCH",
      `The loaded ${artifact} has SHA-256 ${actual}, but this package expects ${expected}. It is of another version, or not ours. Build the right one by \`npm run circuits\`.`,
    );
    this.artifact = artifact;
    this.expected = expected;
    this.actual = actual;
  }
}

/** The proof's public signals are not the expected ones, so every verifier would refuse it. */
export class ProofMismatchError extends GridError {
  override readonly name = "ProofMismatchError";
  readonly expected: readonly bigint[];
  readonly actual: readonly bigint[];

  constructor(expected: readonly bigint[], actual: readonly bigint[]) {
    super(
      "PROOF_MISMATCH",
      `The proof's public signals are ${actual.join(", ")}, but expected are ${expected.join(", ")}. Build the input again and prove it unchanged.`,
    );
    this.expected = expected;
    this.actual = actual;
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

/** The guardian's council proposed no operation with this id. */
export class OperationNotFoundError extends GridError {
  override readonly name = "OperationNotFoundError";
  readonly operationId: Hex;

  constructor(operationId: Hex) {
    super(
      "OPERATION_NOT_FOUND",
      `The council proposed no operation with id ${operationId}. Check the id and the chain.`,
    );
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
export type ContractRevertError = GridError & Revert;

class RevertError extends GridError {
  override readonly name: string;
  readonly args: object;

  constructor({ name, args }: Revert, cause: unknown, call?: FailedCall) {
    const list = Object.entries(args).map(([key, value]) => `${key}: ${value}`);
    super("CONTRACT_REVERT", `The contract reverted with ${name}(${list.join(", ")}).`, call, { cause });
    this.name = name;
    this.args = args;
  }
}

// A class cannot be a union, but its type can.
export const ContractRevertError = RevertError as new (
  revert: Revert,
  cause: unknown,
  call?: FailedCall,
) => ContractRevertError;

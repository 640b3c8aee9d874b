import type { Hex, Revert } from "../core/abi.ts";
import { type FailedCall, GridError } from "./base.ts";

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

/** A request took longer than the client's `timeout`. A transaction may have been sent: look it up first. */
export class TimeoutError extends GridError {
  override readonly name = "TimeoutError";
  /** What did not end: a method of the node or the wallet, or `receipt`. */
  readonly request: string;
  /** Milliseconds. */
  readonly timeout: number;

  constructor(request: string, timeout: number, call?: FailedCall) {
    super(
      "TIMEOUT",
      `\`${request}\` took longer than ${timeout} ms. Try again, or raise \`timeout\`. A transaction may have been sent before: look it up first.`,
      call,
    );
    this.request = request;
    this.timeout = timeout;
  }
}

/** The client's `signal` aborted. Its reason is the `cause`. A transaction may have been sent: look it up first. */
export class AbortedError extends GridError {
  override readonly name = "AbortedError";

  constructor(reason: unknown, call?: FailedCall) {
    const message =
      "The caller's signal aborted the action. A transaction may have been sent before: look it up first.";
    super("ABORTED", message, call, { cause: reason });
  }
}

/** The wallet answered with something else than asked for, such as no transaction hash. */
export class WalletResponseError extends GridError {
  override readonly name = "WalletResponseError";
  /** The wallet's method. */
  readonly method: string;
  readonly response: unknown;

  constructor(method: string, response: unknown, expected: string) {
    super(
      "WALLET_RESPONSE",
      `The wallet answered ${method} with ${JSON.stringify(response) ?? String(response)}, not ${expected}. A transaction may have been sent: look it up in the wallet.`,
    );
    this.method = method;
    this.response = response;
  }
}

/** Another transaction of the account took this one's number. */
export class NonceUsedError extends GridError {
  override readonly name = "NonceUsedError";

  constructor(call: FailedCall, cause: unknown) {
    const message =
      "Another transaction of the account has the same nonce. Look up the account's last transactions, then send this one again if it is not among them.";
    super("NONCE_USED", message, call, { cause });
  }
}

/** The chain has nothing with this id. */
export class NotFoundError extends GridError {
  override readonly name = "NotFoundError";
  /** What was looked for, such as `license`. */
  readonly kind: string;
  readonly id: bigint | string;

  constructor(kind: string, id: bigint | string, advice = "Check the id and the chain") {
    super("NOT_FOUND", `There is no ${kind} ${id}. ${advice}.`);
    this.kind = kind;
    this.id = id;
  }
}

/** The node does not show an event that must be there. */
export class EventNotFoundError extends GridError {
  override readonly name = "EventNotFoundError";

  constructor(event: string, advice: string) {
    super("EVENT_NOT_FOUND", `The node does not show the event ${event}. ${advice}.`);
  }
}

/** The chain has a value unknown to this version of the package. */
export class UnknownValueError extends GridError {
  override readonly name = "UnknownValueError";
  readonly value: bigint;

  constructor(value: bigint, known: readonly string[]) {
    super(
      "UNKNOWN_VALUE",
      `The chain returned ${value}, but this package knows only 0 to ${known.length - 1}: ${known.join(", ")}. Update the package.`,
    );
    this.value = value;
  }
}

/** A search for events failed on its way. The cause is the reason. */
export class LogScanError extends GridError {
  override readonly name = "LogScanError";
  /** The next block to read. A new search continues with it as `fromBlock`, or as `toBlock` if it reads the newest first. */
  readonly nextBlock: number;

  constructor(nextBlock: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super("LOG_SCAN", `The search for events stopped at block ${nextBlock}. ${reason}`, {}, { cause });
    this.nextBlock = nextBlock;
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

/** The action is for test chains, where money is worthless. Nothing was sent. */
export class TestChainOnlyError extends GridError {
  override readonly name = "TestChainOnlyError";
  readonly chainId: bigint;

  constructor(chainId: bigint, call: FailedCall) {
    super("TEST_CHAIN_ONLY", `Chain ${chainId} is not a test chain. Connect to one, such as Sepolia.`, call);
    this.chainId = chainId;
  }
}

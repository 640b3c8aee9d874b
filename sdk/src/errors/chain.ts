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

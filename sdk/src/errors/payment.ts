import { type FailedCall, GridError } from "./base.ts";

/** A contract does not have the functions of a token, or there is no contract. */
export class NotTokenError extends GridError {
  override readonly name = "NotTokenError";
  readonly token: string;

  constructor(token: string, method: string, cause?: unknown) {
    super(
      "NOT_A_TOKEN",
      `${token} is not a token with the function ${method}. Check the address and the chain.`,
      {},
      { cause },
    );
    this.token = token;
  }
}

/** An account has too little of a token. Nothing was signed. */
export class InsufficientBalanceError extends GridError {
  override readonly name = "InsufficientBalanceError";
  readonly token: string;
  readonly account: string;
  /** Base units. */
  readonly balance: bigint;
  readonly needed: bigint;

  constructor(token: string, account: string, balance: bigint, needed: bigint) {
    super(
      "INSUFFICIENT_BALANCE",
      `${account} has ${balance} base units of ${token}, but needs ${needed}. Send ${needed - balance} more to it.`,
    );
    this.token = token;
    this.account = account;
    this.balance = balance;
    this.needed = needed;
  }
}

/** A permit or another payment authorization is no longer valid. Nothing was paid. */
export class PermitExpiredError extends GridError {
  override readonly name = "PermitExpiredError";
  /** Seconds since 1970. */
  readonly deadline: bigint;

  constructor(deadline: bigint, call: FailedCall, cause?: unknown) {
    const until = `${deadline} seconds since 1970`;
    super("PERMIT_EXPIRED", `The payment's authorization was valid until ${until}. Sign another one.`, call, {
      cause,
    });
    this.deadline = deadline;
  }
}

/** A permit is for less than the price. Nothing was paid. */
export class PermitTooSmallError extends GridError {
  override readonly name = "PermitTooSmallError";
  /** Base units of the permit. */
  readonly value: bigint;
  readonly needed: bigint;

  constructor(value: bigint, needed: bigint, call: FailedCall, cause?: unknown) {
    super(
      "PERMIT_TOO_SMALL",
      `The permit is for ${value} base units, but the payment needs ${needed}. Sign one for ${needed}.`,
      call,
      { cause },
    );
    this.value = value;
    this.needed = needed;
  }
}

/** An offer is not for sale: it is retired, or its ledger is. Nothing was signed. */
export class OfferNotForSaleError extends GridError {
  override readonly name = "OfferNotForSaleError";
  readonly offerId: bigint;

  constructor(offerId: bigint) {
    super("OFFER_NOT_FOR_SALE", `Offer ${offerId} is not for sale. Choose another offer of its capsule.`);
    this.offerId = offerId;
  }
}

/** The wallet did not execute a batch of calls (EIP-5792). */
export class BatchFailedError extends GridError {
  override readonly name = "BatchFailedError";
  /** The wallet's id of the batch. */
  readonly id: string;
  /** EIP-5792: 400 not sent, 500 reverted, 600 reverted in part. */
  readonly status: number;

  constructor(id: string, status: number) {
    super("BATCH_FAILED", `The wallet's batch ${id} failed with status ${status}. Look it up in the wallet.`);
    this.id = id;
    this.status = status;
  }
}

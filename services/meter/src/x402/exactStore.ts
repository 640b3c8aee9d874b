import type { Address, Hex } from "@benefit-grid/sdk";

/** Names an ERC-3009 authorization of a customer. */
export type ExactKey = {
  readonly chainId: bigint;
  readonly token: Address;
  readonly from: Address;
  /** 32 bytes in lower-case hex. */
  readonly nonce: Hex;
};

/**
 * - `received`: the customer's signature is stored. Its transfer to the operator may be under way.
 * - `settled`: the operator's account has the money.
 * - `paid`: the router has it, split among the capsule's earners.
 */
export type ExactState = "received" | "settled" | "paid";

/** Fixed when an authorization arrives. */
export type ExactReceived = ExactKey & {
  /** The operator's account. It receives the transfer and pays the router. */
  readonly recipient: Address;
  readonly capsuleId: bigint;
  /** Base units of the token. */
  readonly amount: bigint;
  /** The customer's signature. */
  readonly signature: Hex;
  /** The token refuses the authorization from this time on, seconds since 1970. */
  readonly validBefore: bigint;
  /** The newest block on arrival. The transfer is in a later one. */
  readonly block: number;
};

export type ExactPayment = ExactReceived & {
  readonly state: ExactState;
  /** Hash of the transfer's transaction. */
  readonly settled?: Hex;
  /** Hash of the payment's transaction. */
  readonly paid?: Hex;
  /** The customer has its answer, or a call that makes it. */
  readonly served: boolean;
};

/** Authorizations and how far they are. Each method ends after its change is durable. */
export type ExactPayments = {
  /** Stores an authorization as `received`, unless it is stored. Returns the stored one. */
  readonly add: (payment: ExactReceived) => Promise<ExactPayment>;
  readonly get: (key: ExactKey) => Promise<ExactPayment | undefined>;
  /** From `received` to `settled`, or from `settled` to `paid`. Does nothing in any other state. */
  readonly advance: (key: ExactKey, state: "settled" | "paid", hash: Hex) => Promise<void>;
  /** Forgets an authorization in state `received`. */
  readonly remove: (key: ExactKey) => Promise<void>;
  /** Marks it as served. Returns false if it was, or is not settled. */
  readonly serve: (key: ExactKey) => Promise<boolean>;
  /** Its call failed: the customer may send it again. */
  readonly unserve: (key: ExactKey) => Promise<void>;
  /** Authorizations for this account that are not paid. */
  readonly open: (account: Pick<ExactReceived, "chainId" | "token" | "recipient">) => Promise<ExactPayment[]>;
  readonly close: () => Promise<void>;
};

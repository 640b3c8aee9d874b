import type { AnyVoucher, Opening, PrivateVoucherBatch, VoucherBatch } from "@benefit-grid/sdk/meter";
import type { AccountNotFoundError, NumberOutOfRangeError } from "../errors.ts";

/** A license's settled usage: open without a salt, private with one. */
export type SettledUsage = Omit<Opening, "salt"> & { readonly salt?: bigint };

/** A license's account at this meter. */
export type Account = {
  readonly licenseId: bigint;
  readonly offerId: bigint;
  /** Metered units served over the license's life. */
  readonly used: bigint;
  /** The newest voucher. */
  readonly voucher: AnyVoucher | undefined;
  readonly settled: SettledUsage;
};

/** A change of an account. Changes add up in any order, so several gateways may share a store. */
export type Entry = {
  readonly licenseId: bigint;
  /** Units served. */
  readonly units: bigint;
  /** Replaces the account's voucher if it has more units, or the same units under another salt. */
  readonly voucher?: AnyVoucher;
};

/** The account does not exist, or one of its numbers would be too large. */
export type EntryError = AccountNotFoundError | NumberOutOfRangeError;

/** An account with a voucher beyond its settled usage. */
export type UnsettledAccount = Account & {
  readonly voucher: AnyVoucher;
  /** When the oldest unsettled voucher came, milliseconds since 1970. */
  readonly waitingSince: number;
};

/**
 * A batch goes from `formed` to `proved` (private only) to `sent`, and ends as `settled` or `dropped`. A dropped batch
 * gives its licenses back.
 */
export type BatchState = "formed" | "proved" | "sent" | "settled" | "dropped";

export type NewBatch =
  | { readonly mode: "open"; readonly offers: readonly VoucherBatch[] }
  | { readonly mode: "private"; readonly offers: readonly PrivateVoucherBatch[] };

/** A signed transaction. It is stored before it is sent. */
export type StoredTransaction = {
  readonly hash: string;
  readonly nonce: number;
  /** The signed transaction in hex, to send it again. */
  readonly raw: string;
  readonly maxFeePerGas: bigint;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
};

export type StoredBatch = NewBatch & {
  readonly id: string;
  readonly state: BatchState;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly proof: unknown;
  /** All attempts, oldest first. One of them at most is mined: they have the same nonce. */
  readonly transactions: readonly StoredTransaction[];
  /** Hash of the mined transaction. */
  readonly hash: string | undefined;
  /** Why it was dropped. */
  readonly reason: string | undefined;
};

export type BatchChange = Partial<Pick<StoredBatch, "state" | "proof" | "transactions" | "hash" | "reason">>;

/** A meter's durable state. Each function's change is on disk when its promise resolves, or did not happen. */
export type Store = {
  /** Undefined for a license that this meter never served. */
  readonly account: (licenseId: bigint) => Promise<Account | undefined>;
  /** Adds an account with no units served beyond its settled usage. Returns the existing account if there is one. */
  readonly open: (account: Pick<Account, "licenseId" | "offerId" | "settled">) => Promise<Account>;
  /**
   * Adds entries in one transaction. Returns their accounts afterwards, in the entries' order, or an error for an entry
   * that was not added. It does not affect the others.
   */
  readonly record: (entries: readonly Entry[]) => Promise<readonly (Account | EntryError)[]>;
  /**
   * Adds an entry once for each `callId` of the last day. Returns the account afterwards, also for a repeated one.
   *
   * @throws {@link AccountNotFoundError}, {@link NumberOutOfRangeError}
   */
  readonly recordOnce: (
    callId: string,
    entry: Entry,
  ) => Promise<{ readonly account: Account; readonly isRepeated: boolean }>;
  /** Whether `recordOnce` has added this call. */
  readonly isRecorded: (callId: string) => Promise<boolean>;
  /** Accounts with a voucher to settle, longest waiting first. Without those held or in a batch under way. */
  readonly unsettled: (limit: number) => Promise<readonly UnsettledAccount[]>;
  /** Stores a batch and takes its licenses. Undefined without a change if another batch has or settled one of them. */
  readonly createBatch: (batch: NewBatch) => Promise<string | undefined>;
  readonly batch: (id: string) => Promise<StoredBatch | undefined>;
  /** Batches under way, oldest first. */
  readonly batchesUnderWay: () => Promise<readonly StoredBatch[]>;
  /** Changes a batch in this state. Returns false without a change for a batch in another state. */
  readonly changeBatch: (id: string, from: BatchState, change: BatchChange) => Promise<boolean>;
  /** Ends a batch: its rows' usage is settled. Idempotent. */
  readonly settleBatch: (id: string, hash: string | undefined) => Promise<void>;
  /** Ends a batch without settlement: its licenses can be batched again. Idempotent. */
  readonly dropBatch: (id: string, reason: string) => Promise<void>;
  /** The newest settled batch of a license. */
  readonly lastSettled: (licenseId: bigint) => Promise<StoredBatch | undefined>;
  /** Batches of a license, newest first, at most 100. */
  readonly history: (licenseId: bigint) => Promise<readonly StoredBatch[]>;
  /** Batches settled at this time or later, milliseconds since 1970. */
  readonly settledSince: (time: number) => Promise<readonly StoredBatch[]>;
  /** Replaces an account's settled usage, after a look at the chain. */
  readonly correct: (licenseId: bigint, settled: SettledUsage) => Promise<void>;
  /** Units and accounts waiting for settlement, by offer. */
  readonly totals: () => Promise<readonly OfferBacklog[]>;
  /** Leaves an offer or a license out of `unsettled` for a while. Replaces an earlier hold. */
  readonly hold: (hold: Hold) => Promise<void>;
  /** Ends holds early. */
  readonly release: (kind: Hold["kind"], ids: readonly bigint[]) => Promise<void>;
  /** The holds that are not over. */
  readonly holds: () => Promise<readonly Hold[]>;
  /** Adds a job. No change if this batch has one. */
  readonly addJob: (batchId: string) => Promise<void>;
  /** Takes the job due longest, and hides it from others for this long. Undefined if none is due. */
  readonly takeJob: (milliseconds: number) => Promise<Job | undefined>;
  /** Hides a job for this long, from now. Returns false if another worker took it meanwhile, or it is done. */
  readonly hideJob: (job: Job, milliseconds: number) => Promise<boolean>;
  /** Removes a job. No change if another worker took it meanwhile. */
  readonly endJob: (job: Job) => Promise<void>;
  /** Takes or extends a lease by name. Returns false while another holder has it. */
  readonly lease: (name: string, holder: string, milliseconds: number) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

/** An offer or a license that is not settled for a while. */
export type Hold = {
  readonly kind: "offer" | "license";
  readonly id: bigint;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** A voucher of more units ends the hold of its license. @default none does */
  readonly units?: bigint;
  readonly reason: string;
};

/** A job in work. */
export type Job = {
  readonly batchId: string;
  /** How often it was taken. */
  readonly attempts: number;
};

/** What is unsettled of an offer. */
export type OfferBacklog = {
  readonly offerId: bigint;
  /** Licenses with a voucher to settle. */
  readonly licenses: number;
  /** Units of vouchers beyond the settled usage. */
  readonly units: bigint;
  /** Units served beyond the newest vouchers: the meter's credit. */
  readonly credit: bigint;
  /** When the oldest unsettled voucher came, milliseconds since 1970. */
  readonly waitingSince: number | undefined;
};

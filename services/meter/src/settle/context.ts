import type { Client } from "@benefit-grid/sdk";
import type { VoucherVerifier } from "@benefit-grid/sdk/meter";
import type { ServedOffer } from "../gateway/license.ts";
import type { Store } from "../store/store.ts";
import type { JobQueue } from "./queue.ts";
import type { Reporter } from "./report.ts";
import type { Transactions } from "./transactions.ts";

/** When and how vouchers are settled. */
export type SettleRules = {
  /** Licenses in an open batch, at most. @default 128 */
  readonly maxRows: number;
  /** Licenses in a private batch, at most. Its circuit has room for 16 or 128. @default 128 */
  readonly maxPrivateRows: number;
  /** Offers in a private batch, at most: 4 with 16 licenses, 16 with 128. @default 16 */
  readonly maxPrivateOffers: number;
  /** An offer with this many unsettled units is settled at once. @default no number of units is enough */
  readonly minUnits: bigint | undefined;
  /** An offer with this much unsettled, in base units of its currency, is settled at once. @default no value is enough */
  readonly minValue: bigint | undefined;
  /** A voucher is settled after this long, milliseconds. @default 6 hours */
  readonly maxAge: number;
  /** A voucher is settled this long before its `settleBy`, seconds. @default 1 day */
  readonly urgency: bigint;
  /** Settles a single private voucher of an offer when it is urgent. Its total publishes the license's count. @default false */
  readonly allowLone: boolean;
  /** Settles private vouchers at a retired ledger. It publishes their openings. @default false */
  readonly allowRetired: boolean;
  /** Blocks until a settlement is final, its own included. @default 12 */
  readonly confirmations: number;
  /** A transaction is replaced after this long, milliseconds. @default 90,000 */
  readonly replaceAfter: number;
  /** Most that a unit of gas may cost, base units of the chain's coin. @default 500 gwei */
  readonly maxFeePerGas: bigint;
  /** Transactions sent and not final, at most. @default 8 */
  readonly maxInFlight: number;
  /** An offer whose release failed, or a license that was refused, is left out this long, milliseconds. @default 1 hour */
  readonly holdFor: number;
  /** A settlement that vanishes within this time is settled again, milliseconds. @default 1 day */
  readonly auditFor: number;
  /** A change of signer is confirmed this long after it was seen, milliseconds. @default 30,000 */
  readonly confirmAfter: number;
};

export const DEFAULT_RULES: SettleRules = {
  maxRows: 128,
  maxPrivateRows: 128,
  maxPrivateOffers: 16,
  minUnits: undefined,
  minValue: undefined,
  maxAge: 6 * 3_600_000,
  urgency: 86_400n,
  allowLone: false,
  allowRetired: false,
  confirmations: 12,
  replaceAfter: 90_000,
  maxFeePerGas: 500_000_000_000n,
  maxInFlight: 8,
  holdFor: 3_600_000,
  auditFor: 86_400_000,
  confirmAfter: 30_000,
};

/** All that the parts of a settler share. */
export type Context = {
  readonly client: Client;
  readonly store: Store;
  readonly queue: JobQueue;
  readonly offers: ReadonlyMap<bigint, ServedOffer>;
  readonly meterId: bigint;
  readonly rules: SettleRules;
  readonly verify: VoucherVerifier["verify"];
  readonly transactions: Transactions;
  readonly report: Reporter;
  /**
   * Extends the lease of the operator's key.
   *
   * @throws {@link LeaseLostError} if another settler has it
   */
  readonly keepLease: () => Promise<void>;
};

/** The newest block, and what is read with it. */
export type Head = {
  readonly number: number;
  /** Seconds since 1970. */
  readonly time: bigint;
  /** The ledger takes no proofs any more. */
  readonly isRetired: boolean;
  /** The node is behind another one that answered before. */
  readonly isBehind: boolean;
};

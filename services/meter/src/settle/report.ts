/** What happens while vouchers are settled, for logs and metrics. */
export type SettleReport =
  | {
      readonly kind: "formed";
      readonly batchId: string;
      readonly mode: "open" | "private";
      readonly offerIds: readonly bigint[];
      readonly rows: number;
    }
  | { readonly kind: "proving"; readonly batchId: string; readonly stage: string; readonly fraction: number }
  | { readonly kind: "proved"; readonly batchId: string; readonly milliseconds: number }
  | {
      /** `attempt` counts from 1. Later ones replace the transaction, or cancel it. */
      readonly kind: "sent";
      readonly batchId: string;
      readonly hash: string;
      readonly nonce: number;
      readonly attempt: number;
      readonly cancels: boolean;
    }
  /** `hash` is undefined if another transaction settled the batch. */
  | { readonly kind: "settled"; readonly batchId: string; readonly hash: string | undefined }
  /** The nonce went to another transaction. The batch is sent again. */
  | { readonly kind: "takenBack"; readonly batchId: string; readonly nonce: number }
  | { readonly kind: "dropped"; readonly batchId: string; readonly reason: string }
  /** The ledger could not release an offer's payment. It is left out until `until`, milliseconds since 1970. */
  | {
      readonly kind: "releaseFailed";
      readonly offerId: bigint;
      readonly reason: string;
      readonly until: number;
    }
  /** A single private voucher waits for another one of its offer. `urgent` from a day before `settleBy`. */
  | {
      readonly kind: "lone";
      readonly offerId: bigint;
      readonly licenseId: bigint;
      /** Seconds since 1970. */
      readonly settleBy: bigint;
      readonly urgent: boolean;
    }
  /** The voucher can no longer be settled. */
  | { readonly kind: "lost"; readonly licenseId: bigint; readonly units: bigint; readonly reason: string }
  /** The license's voucher is left out until `until`, milliseconds since 1970. */
  | { readonly kind: "held"; readonly licenseId: bigint; readonly reason: string; readonly until: number }
  /** The store's settled usage was not the chain's. It is now. */
  | { readonly kind: "corrected"; readonly licenseId: bigint; readonly units: bigint }
  /** A settlement of a final batch vanished from the chain. Its licenses are settled again. */
  | { readonly kind: "vanished"; readonly batchId: string }
  | { readonly kind: "signersConfirmed"; readonly licenseIds: readonly bigint[]; readonly hash: string }
  /** Something failed. It is tried again. */
  | { readonly kind: "error"; readonly batchId?: string; readonly error: unknown };

export type Reporter = (report: SettleReport) => void;

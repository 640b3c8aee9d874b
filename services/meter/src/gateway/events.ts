import type { RefusalReason } from "./refusal.ts";

/** What a meter reports while it runs, for logs and metrics. */
export type MeterEvents = {
  /** A call's units are stored. A stream may report twice. */
  readonly onServed?: (served: {
    readonly licenseId: bigint;
    readonly offerId: bigint;
    readonly units: bigint;
  }) => void;
  /** A request was not served, and nothing was counted. */
  readonly onRefused?: (refused: { readonly reason: RefusalReason; readonly message: string }) => void;
  /** The service threw, the store failed, or the chain did not answer. */
  readonly onError?: (error: unknown) => void;
};

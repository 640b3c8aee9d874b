import { GridError } from "./base.ts";

/**
 * The chain's record of an epoch differs from its own inputs. Report it: the contract and this package cannot both be
 * right.
 */
export class RecordMismatchError extends GridError {
  override readonly name = "RecordMismatchError";
  readonly subnetId: bigint;
  readonly epoch: bigint;
  /** The first value that differs, such as `consensus[3]`. */
  readonly field: string;
  /** Recomputed. */
  readonly expected: unknown;
  /** On chain. */
  readonly actual: unknown;

  constructor(subnetId: bigint, epoch: bigint, field: string, expected: unknown, actual: unknown) {
    super(
      "RECORD_MISMATCH",
      `Epoch ${epoch} of subnet ${subnetId} has ${field} ${actual} on chain, but its inputs give ${expected}. Update the package or use another node, and report it if it stays so.`,
    );
    this.subnetId = subnetId;
    this.epoch = epoch;
    this.field = field;
    this.expected = expected;
    this.actual = actual;
  }
}

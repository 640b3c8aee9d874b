import { type Client, checkCall } from "../client.ts";
import type { Revert } from "../core/abi.ts";
import { checkObject } from "../core/check.ts";
import { decodeRevert } from "../core/revert.ts";
import { ContractRevertError, InvalidParameterError } from "../errors.ts";
import { type SettleOpenParameters, type SettleOpenReturnType, settleOpen } from "./settleOpen.ts";

type Batches = SettleOpenParameters["batches"];

export type SettleMeterParameters = {
  readonly meterId: bigint;
  /** Books from `createBooks` in `@benefit-grid/sdk/meter`. Settled vouchers are marked in them. */
  readonly books: {
    readonly batch: (maxRows: number, without: readonly bigint[]) => Batches;
    readonly markSettled: (batches: Batches) => void;
  };
  /** Licenses in the transaction, at most. */
  readonly maxRows: number;
};
export type SettleMeterReturnType = {
  /** Undefined if there was nothing to settle. */
  readonly settled: SettleOpenReturnType | undefined;
  readonly failed: readonly FailedRelease[];
};

/** An offer without release, for example because its revenue counter is full. Its vouchers stay in the books. */
export type FailedRelease = { readonly offerId: bigint; readonly reason: Revert };

/**
 * Settles a meter's open vouchers in one transaction. An offer whose release fails is left out: the ledger's
 * `ReleaseFailed` names it, before anything is sent.
 *
 * @throws {@link ContractRevertError} of `settleOpen`, except `ReleaseFailed`
 * @example
 * ```ts
 * const { settled, failed } = await settleMeter(client, { meterId, books, maxRows: 128 });
 * for (const { offerId, reason } of failed) console.warn(offerId, reason.name);
 * ```
 */
export async function settleMeter(
  client: Client,
  parameters: SettleMeterParameters,
): Promise<SettleMeterReturnType> {
  const { meterId, books, maxRows } = checkCall(client, parameters);
  if (typeof checkObject("books", books).batch !== "function") {
    throw new InvalidParameterError("books", "has no function `batch`", "Pass the result of `createBooks`");
  }
  const failed: FailedRelease[] = [];
  for (;;) {
    const without = failed.map(({ offerId }) => offerId);
    const batches = books.batch(maxRows, without);
    if (batches.length === 0) return { settled: undefined, failed };
    try {
      const settled = await settleOpen(client, { meterId, batches });
      books.markSettled(batches);
      return { settled, failed };
    } catch (error) {
      failed.push(failureOf(error));
    }
  }
}

/** Throws every other error. */
function failureOf(error: unknown): FailedRelease {
  if (!(error instanceof ContractRevertError) || error.name !== "ReleaseFailed") throw error;
  const { offerId, reason } = error.args;
  return { offerId, reason: decodeRevert(reason) };
}

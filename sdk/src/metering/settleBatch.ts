import { toBeHex } from "ethers";
import { addressOf, type Client } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkList, checkObject } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { InvalidParameterError } from "../errors.ts";
import type { Batch, BatchRow } from "../shared/batch.ts";
import type { Proof } from "../shared/proof.ts";
import { encodeSignature } from "../shared/voucher.ts";
import { type OfferTotal, totalsOf } from "./totals.ts";
import { warnOfDevelopmentKeys } from "./warnOfDevelopmentKeys.ts";

export type SettleBatchParameters = {
  /** A batch from `buildBatch` in `@benefit-grid/sdk/proofs`. */
  readonly batch: Batch;
  /** The batch's proof from `proveBatch`. */
  readonly proof: Proof;
};
export type SettleBatchReturnType = Sent & {
  readonly totals: readonly OfferTotal[];
};

/**
 * Settles private vouchers. Each offer's total is paid from its escrow, split 40/30/20/10. The chain sees only a
 * new commitment of each license.
 *
 * A batch is a snapshot. `ProofInvalid` has three causes: a license was settled since, an opening in the meter's
 * books is wrong, or the allowed contexts are not the terms'. `findStaleRows` lists the licenses of the first two.
 *
 * @throws {@link InvalidParameterError} for a batch of another chain or ledger
 * @throws {@link ContractRevertError} `CallerNotMeterOperator`, `LedgerNotAdmitted`, `OfferNotMetered`,
 * `OfferModeMismatch`, `LicenseOfferMismatch`, `LicenseWindowOver`, `ProvenCapExceedsPrepaid`, `VoucherSignatureInvalid`,
 * `ProofInvalid`; `ReleaseFailed` names an offer to leave out: `privateBatch` takes it as `without`
 * @example
 * ```ts
 * const offers = books.privateBatch({ maxRows: 128, maxOffers: 16 });
 * const batch = buildBatch({ chainId: client.chainId, ledger, meterId, offers });
 * const proof = await proveBatch(batch);
 * const { totals } = await settleBatch(client, { batch, proof });
 * ```
 */
export const settleBatch = defineWrite({
  contract: "UsageLedger",
  method: "settlePrivate",
  args: async ({ batch, proof }: SettleBatchParameters, client) => {
    checkPlace(checkObject("batch", batch), client);
    await warnOfDevelopmentKeys(client);
    const offers = checkList("batch.offers", batch.offers).map(({ offerId, units, rows }) => ({
      offerId,
      units,
      rows: rows.map(encodeRow),
    }));
    return [batch.meterId, BigInt(batch.instance), offers, batch.signals.c, proof];
  },
  result: (events) => ({ totals: totalsOf(one(events("UsageLedger", "PrivateSettled"))) }),
});

function checkPlace({ chainId, ledger }: Batch, client: Client): void {
  const here = addressOf(client, "UsageLedger");
  if (chainId === client.chainId && ledger === here) return;
  const problem = `is for ledger ${ledger} on chain ${chainId}, but the client uses ledger ${here} on chain ${client.chainId}`;
  throw new InvalidParameterError("batch", problem, "Build it for the client's ledger and chain");
}

function encodeRow({ licenseId, cap, usage, signature }: BatchRow) {
  const entry = toBeHex((licenseId << 64n) | cap, 32) as Hex;
  return { entry, usage, ...encodeSignature("signature", signature) };
}

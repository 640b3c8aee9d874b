import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type SweepEscrowParameters = { readonly offerId: bigint };
export type SweepEscrowReturnType = Sent & {
  readonly capsuleId: bigint;
  /** The payment's shares version. */
  readonly sharesVersion: bigint;
  /** Base units of the offer's currency. */
  readonly amount: bigint;
};

/**
 * Pays the escrow of a retired offer, beyond the price of its open licenses, to its capsule. Anyone may call, repeatedly.
 *
 * @throws {@link ContractRevertError} `OfferNonexistent`, `EscrowOfferForSale`, `EscrowNothingToSweep`
 * @example
 * ```ts
 * const { amount } = await sweepEscrow(client, { offerId });
 * ```
 */
export const sweepEscrow = defineWrite({
  contract: "SettlementRouter",
  method: "sweep",
  args: ({ offerId }: SweepEscrowParameters) => [checkUint("offerId", offerId, 64)],
  result: (events) => {
    const { capsuleId, sharesVersion, amount } = one(events("SettlementRouter", "EscrowSwept"));
    return { capsuleId, sharesVersion, amount };
  },
});

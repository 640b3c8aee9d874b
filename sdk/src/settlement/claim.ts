import { checkNotEmpty } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { type ClaimRange, type EarnerAmount, earnerAmounts, encodeClaim } from "./claims.ts";

export type ClaimParameters = { readonly claims: readonly ClaimRange[] };
export type ClaimReturnType = Sent & {
  /** The payments by earner, without zeros. */
  readonly paid: readonly EarnerAmount[];
};

/**
 * Pays accounts their unclaimed earnings. Anyone may call; beneficiaries receive. `claimAll` finds the claims.
 *
 * @throws {@link InvalidParameterError} for an empty list or a malformed range
 * @throws {@link ContractRevertError} `SharesVersionNonexistent`, `EarnersNonexistent`, and the token's errors if it
 * refuses a beneficiary
 * @example
 * ```ts
 * const range = { capsuleId, sharesVersion: 1n, token, first: 0n, count: 3n };
 * const { paid } = await claim(client, { claims: [range] });
 * ```
 */
export const claim = defineWrite({
  contract: "SettlementRouter",
  method: "claim",
  args: ({ claims }: ClaimParameters) => [
    checkNotEmpty("claims", claims).map((range, i) => encodeClaim(`claims[${i}]`, range)),
  ],
  result: (events) => ({ paid: events("SettlementRouter", "Claimed").flatMap(earnerAmounts) }),
});

import { checkNotEmpty } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { type ClaimRange, encodeClaim } from "./claims.ts";

export type PassOnParameters = { readonly claims: readonly ClaimRange[] };
export type PassOnReturnType = Sent & {
  /** The amounts passed on, by row, in base units. */
  readonly passedOn: readonly {
    readonly capsuleId: bigint;
    readonly sharesVersion: bigint;
    readonly earner: bigint;
    readonly toCapsuleId: bigint;
    readonly toSharesVersion: bigint;
    readonly amount: bigint;
  }[];
};

/**
 * Passes the earnings of rows on to their capsules, by one hop. Skips rows of accounts. Anyone may call.
 *
 * @throws {@link InvalidParameterError} for an empty list or a malformed range
 * @throws {@link ContractRevertError} `SharesVersionNonexistent`, `EarnersNonexistent`
 * @example
 * ```ts
 * const range = { capsuleId, sharesVersion: 1n, token, first: 1n, count: 1n };
 * const { passedOn } = await passOn(client, { claims: [range] });
 * ```
 */
export const passOn = defineWrite({
  contract: "SettlementRouter",
  method: "passOn",
  args: ({ claims }: PassOnParameters) => [
    checkNotEmpty("claims", claims).map((range, i) => encodeClaim(`claims[${i}]`, range)),
  ],
  result: (events) => ({ passedOn: events("SettlementRouter", "PassedOn") }),
});

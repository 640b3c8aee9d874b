import type { Client } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { read } from "../core/read.ts";
import { type ClaimRange, encodeClaim } from "./claims.ts";

export type GetClaimableParameters = ClaimRange;
export type GetClaimableReturnType = readonly {
  /** Number of the earner: 0 is the platform, `i + 1` is share row `i`. */
  readonly earner: bigint;
  /** Base units. */
  readonly amount: bigint;
  /** Who `claim` would pay; undefined for a row that names a capsule. */
  readonly account: Address | undefined;
  /** Which capsule `passOn` would pass it on to; undefined for a row of an account. */
  readonly capsuleId: bigint | undefined;
}[];

/**
 * What neighboring earners of a shares version have earned and not claimed.
 *
 * @throws {@link InvalidParameterError} for a malformed range
 * @throws {@link ContractRevertError} `SharesVersionNonexistent`, `EarnersNonexistent`
 * @example
 * ```ts
 * const range = { capsuleId, sharesVersion: 1n, token, first: 0n, count: 3n };
 * const earners = await getClaimable(client, range);
 * ```
 */
export async function getClaimable(
  client: Client,
  range: GetClaimableParameters,
): Promise<GetClaimableReturnType> {
  const { amounts, accounts, capsuleIds } = await read(client, "SettlementRouter", "claimable", [
    encodeClaim("range", range),
  ]);
  return amounts.map((amount, i) => ({
    earner: range.first + BigInt(i),
    amount,
    account: capsuleIds[i] === 0n ? accounts[i] : undefined,
    capsuleId: capsuleIds[i] === 0n ? undefined : capsuleIds[i],
  }));
}

import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { read } from "../core/read.ts";
import { type ClaimRange, encodeClaim } from "./claims.ts";

export type GetClaimableParameters = ClaimRange;
export type GetClaimableReturnType = readonly {
  /** Number of the earner: 0 is the platform, `i + 1` is share row `i`. */
  readonly earner: bigint;
  /** Base units. */
  readonly amount: bigint;
  /** The account paid by `claim`. Undefined for a capsule's row. */
  readonly account: Address | undefined;
  /** The capsule paid by `passOn`. Undefined for an account's row. */
  readonly capsuleId: bigint | undefined;
}[];

/**
 * The unclaimed earnings of neighboring earners of a shares version.
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
  checkCall(client, range);
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

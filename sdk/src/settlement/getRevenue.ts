import type { Client } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetRevenueParameters = {
  readonly capsuleId: bigint;
  readonly sharesVersion: bigint;
  readonly token: AddressInput;
};
/** Base units, ever. */
export type GetRevenueReturnType = {
  /** Payments, before the split. */
  readonly total: bigint;
  /** What compute rows earned: of direct payments, and of capsules that name this one. */
  readonly computeAccrued: bigint;
  /** What data rows of other capsules passed on. */
  readonly inboundData: bigint;
  /** What model rows of other capsules passed on. */
  readonly inboundModel: bigint;
};

/**
 * What a capsule's shares version took in, in one token.
 *
 * @throws {@link InvalidParameterError} for a malformed id or address
 * @example
 * ```ts
 * const { total } = await getRevenue(client, { capsuleId, sharesVersion: 1n, token });
 * ```
 */
export async function getRevenue(
  client: Client,
  { capsuleId, sharesVersion, token }: GetRevenueParameters,
): Promise<GetRevenueReturnType> {
  const { inbound, ...revenue } = await read(client, "SettlementRouter", "revenueOf", [
    checkUint("capsuleId", capsuleId, 64),
    checkUint("sharesVersion", sharesVersion, 32),
    checkAddress("token", token),
  ]);
  return revenue;
}

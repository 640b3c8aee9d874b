import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetRevenueParameters = {
  readonly capsuleId: bigint;
  readonly sharesVersion: bigint;
  readonly token: AddressInput;
};
/** Base units over all time. */
export type GetRevenueReturnType = {
  /** Payments, before the split. */
  readonly total: bigint;
  /** Earnings of compute rows: from direct payments, and from capsules with a row for this one. */
  readonly computeAccrued: bigint;
  /** Passed on by data rows of other capsules. */
  readonly inboundData: bigint;
  /** Passed on by model rows of other capsules. */
  readonly inboundModel: bigint;
};

/**
 * The revenue of a capsule's shares version, in one token.
 *
 * @throws {@link InvalidParameterError} for a malformed id or address
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`, `SharesVersionNonexistent`
 * @example
 * ```ts
 * const { total } = await getRevenue(client, { capsuleId, sharesVersion: 1n, token });
 * ```
 */
export async function getRevenue(
  client: Client,
  parameters: GetRevenueParameters,
): Promise<GetRevenueReturnType> {
  const { capsuleId, sharesVersion, token } = checkCall(client, parameters);
  const { inbound, ...revenue } = await read(client, "SettlementRouter", "revenueOf", [
    checkUint("capsuleId", capsuleId, 64),
    checkUint("sharesVersion", sharesVersion, 32),
    checkAddress("token", token),
  ]);
  // An unknown version has no revenue either.
  await read(client, "CapsuleRegistry", "sharesOwnerOf", [capsuleId, sharesVersion]);
  return revenue;
}

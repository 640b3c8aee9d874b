import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { checkExists, read } from "../core/read.ts";

export type GetFundingParameters = { readonly fundingId: bigint };
export type GetFundingReturnType = {
  readonly sponsor: Address;
  readonly subnetId: bigint;
  /** ERC-20 token. */
  readonly token: Address;
  /** Base units in each epoch's pot. */
  readonly amountPerEpoch: bigint;
  readonly firstEpoch: bigint;
  readonly epochs: bigint;
  /** Epochs whose amount was returned to the sponsor. */
  readonly reclaimed: readonly bigint[];
};

/**
 * A sponsor's deposit.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link NotFoundError} if there is no deposit with this id
 * @example
 * ```ts
 * const { sponsor, amountPerEpoch } = await getFunding(client, { fundingId: 1n });
 * ```
 */
export async function getFunding(
  client: Client,
  parameters: GetFundingParameters,
): Promise<GetFundingReturnType> {
  const fundingId = checkUint("fundingId", checkCall(client, parameters).fundingId, 256);
  await checkExists(client, "funding", fundingId);
  const { reclaimed, ...funding } = await read(client, "SubnetHub", "fundingOf", [fundingId]);
  const all = Array.from({ length: Number(funding.epochs) }, (_, i) => BigInt(i));
  const taken = all.filter((i) => (reclaimed >> i) & 1n).map((i) => funding.firstEpoch + i);
  return { ...funding, reclaimed: taken };
}

import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetContributionParameters = {
  readonly lotId: bigint;
  readonly buyer: AddressInput;
};
/** Both are 0 after the claim. */
export type GetContributionReturnType = {
  /** Base units of the lot's currency, contributed for the buyer. */
  readonly amount: bigint;
  /** Base units of the coin to claim. Fewer if others contribute before the lot's end. */
  readonly coins: bigint;
};

/**
 * A buyer's unclaimed part of a lot.
 *
 * @throws {@link InvalidParameterError} for a malformed id or address
 * @throws {@link ContractRevertError} `LotNonexistent`
 * @example
 * ```ts
 * const { coins } = await getContribution(client, { lotId: 3n, buyer });
 * ```
 */
export async function getContribution(
  client: Client,
  parameters: GetContributionParameters,
): Promise<GetContributionReturnType> {
  const { lotId, buyer } = checkCall(client, parameters);
  const place = [checkUint("lotId", lotId, 64), checkAddress("buyer", buyer)] as const;
  const [amount, coins] = await Promise.all([
    read(client, "CoinSale", "contributionOf", place),
    read(client, "CoinSale", "coinsOf", place),
  ]);
  return { amount, coins };
}

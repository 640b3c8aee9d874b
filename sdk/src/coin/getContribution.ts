import type { Client } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetContributionParameters = {
  readonly lotId: bigint;
  readonly buyer: AddressInput;
};
/** Both are 0 once the coins are claimed. */
export type GetContributionReturnType = {
  /** Base units of the lot's currency that were contributed for the buyer. */
  readonly amount: bigint;
  /** Base units of the coin that they buy; fewer if others contribute before the lot is over. */
  readonly coins: bigint;
};

/**
 * What a buyer has in a lot and did not claim yet.
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
  { lotId, buyer }: GetContributionParameters,
): Promise<GetContributionReturnType> {
  const place = [checkUint("lotId", lotId, 64), checkAddress("buyer", buyer)] as const;
  const [amount, coins] = await Promise.all([
    read(client, "CoinSale", "contributionOf", place),
    read(client, "CoinSale", "coinsOf", place),
  ]);
  return { amount, coins };
}

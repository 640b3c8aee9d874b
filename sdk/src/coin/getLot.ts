import type { Client } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read, timeAt } from "../core/read.ts";
import { lotAt } from "./lots.ts";

export type GetLotParameters = { readonly lotId: bigint };
export type GetLotReturnType = {
  readonly championId: bigint;
  /** What is paid for. */
  readonly programmeId: bigint;
  /** ERC-20 token to pay in. */
  readonly currency: Address;
  /** Least price, base units of the currency a whole coin; also the least contribution. */
  readonly reserve: bigint;
  /** Base units of the currency that were contributed so far. */
  readonly total: bigint;
  /** What a whole coin costs for that, rounded up. It rises with each contribution once the lot is sold out. */
  readonly price: bigint;
  /** Base units of the coin on sale, and how many of them are sold for what was contributed so far. */
  readonly coins: bigint;
  readonly sold: bigint;
  /** When the sale ends, seconds since 1970, and how many that are after the newest block; 0 if it is over. */
  readonly closesAt: bigint;
  readonly secondsLeft: bigint;
};

/**
 * A lot of coins, with its price so far.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `LotNonexistent`
 * @example
 * ```ts
 * const { price, sold, secondsLeft } = await getLot(client, { lotId: 3n });
 * ```
 */
export async function getLot(client: Client, { lotId }: GetLotParameters): Promise<GetLotReturnType> {
  checkUint("lotId", lotId, 64);
  const [lot, now] = await Promise.all([read(client, "CoinSale", "lotOf", [lotId]), timeAt(client)]);
  return lotAt(lot, now);
}

import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read, timeAt } from "../core/read.ts";
import { lotAt } from "./lots.ts";

export type GetLotParameters = { readonly lotId: bigint };
export type GetLotReturnType = {
  readonly championId: bigint;
  /** The programme to be paid. */
  readonly programmeId: bigint;
  /** ERC-20 token to pay in. */
  readonly currency: Address;
  /** Least price of a whole coin, base units of the currency. Also the least contribution. */
  readonly reserve: bigint;
  /** Base units of the currency contributed so far. */
  readonly total: bigint;
  /** Price of a whole coin so far, rounded up. Once the lot is sold out, each contribution raises it. */
  readonly price: bigint;
  /** Base units of the coin on sale, and sold so far. */
  readonly coins: bigint;
  readonly sold: bigint;
  /** End of the sale, seconds since 1970, and the seconds from the newest block until then, 0 after the end. */
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
export async function getLot(client: Client, parameters: GetLotParameters): Promise<GetLotReturnType> {
  const { lotId } = checkCall(client, parameters);
  checkUint("lotId", lotId, 64);
  const [lot, now] = await Promise.all([read(client, "CoinSale", "lotOf", [lotId]), timeAt(client)]);
  return lotAt(lot, now);
}

import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { type BlockRange, readLogs } from "../core/logs.ts";
import { read } from "../core/read.ts";

export type GetCurrenciesParameters = BlockRange;
export type GetCurrenciesReturnType = readonly {
  /** ERC-20 token. */
  readonly token: Address;
  /** Least price of a whole coin in future lots, base units of the token. */
  readonly reserve: bigint;
  /** Whether this is the default currency of lots. */
  readonly isStandard: boolean;
}[];

/**
 * The accepted currencies for coins, from the sale's events since the deployment.
 *
 * @throws {@link InvalidParameterError} for a malformed block range
 * @example
 * ```ts
 * const currencies = await getCurrencies(client);
 * const standard = currencies.find(({ isStandard }) => isStandard);
 * ```
 */
export async function getCurrencies(
  client: Client,
  parameters: GetCurrenciesParameters = {},
): Promise<GetCurrenciesReturnType> {
  checkCall(client, parameters);
  const logs = await readLogs(client, "CoinSale", ["CurrencySet"], parameters);
  const reserves = new Map(logs.map(({ args }) => [args.token, args.reserve]));
  const standard = await read(client, "CoinSale", "standardCurrency", []);
  return [...reserves]
    .filter(([, reserve]) => reserve !== 0n)
    .map(([token, reserve]) => ({ token, reserve, isStandard: token === standard }));
}

import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToSetCurrencyParameters = {
  /** ERC-20 token as a currency for coins. */
  readonly token: AddressInput;
  /** Least price of a whole coin, base units of the token. 0 ends its acceptance. */
  readonly reserve: bigint;
};
export type CallToSetCurrencyReturnType = ReadyCall;

/**
 * Builds a call to set a currency's least price for future lots, for a proposal.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const call = callToSetCurrency(client, { token, reserve: 250_000n });
 * ```
 */
export function callToSetCurrency(
  client: Client,
  parameters: CallToSetCurrencyParameters,
): CallToSetCurrencyReturnType {
  const { token, reserve } = checkCall(client, parameters);
  const args = [checkAddress("token", token), checkUint("reserve", reserve, 128)] as const;
  const summary =
    reserve === 0n
      ? `Stop selling coins for ${args[0]}`
      : `Sell coins for ${args[0]}, at least ${reserve} base units a coin`;
  return readyCall(addressOf(client, "CoinSale"), "CoinSale", "setCurrency", args, summary);
}

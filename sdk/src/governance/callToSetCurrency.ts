import { addressOf, type Client } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToSetCurrencyParameters = {
  /** ERC-20 token that coins are sold for. */
  readonly token: AddressInput;
  /** Least price: base units of the token a whole coin; 0 if it is accepted no more. */
  readonly reserve: bigint;
};
export type CallToSetCurrencyReturnType = ReadyCall;

/**
 * The call that says what a currency's least price is, for lots from then on, to be proposed.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const call = callToSetCurrency(client, { token, reserve: 250_000n });
 * ```
 */
export function callToSetCurrency(
  client: Client,
  { token, reserve }: CallToSetCurrencyParameters,
): CallToSetCurrencyReturnType {
  const args = [checkAddress("token", token), checkUint("reserve", reserve, 128)] as const;
  const summary =
    reserve === 0n
      ? `Sell coins for ${args[0]} no more`
      : `Sell coins for ${args[0]}, at least ${reserve} base units a coin`;
  return readyCall(addressOf(client, "CoinSale"), "CoinSale", "setCurrency", args, summary);
}

import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToSetStandardCurrencyParameters = {
  /** ERC-20 token with a least price. */
  readonly token: AddressInput;
};
export type CallToSetStandardCurrencyReturnType = ReadyCall;

/**
 * Builds a call to set the default currency of lots, for a proposal.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * const call = callToSetStandardCurrency(client, { token });
 * ```
 */
export function callToSetStandardCurrency(
  client: Client,
  parameters: CallToSetStandardCurrencyParameters,
): CallToSetStandardCurrencyReturnType {
  const { token } = checkCall(client, parameters);
  const address = checkAddress("token", token);
  const summary = `Sell coins for ${address} unless their champion prefers another currency`;
  return readyCall(addressOf(client, "CoinSale"), "CoinSale", "setStandardCurrency", [address], summary);
}

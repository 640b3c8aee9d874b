import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { readToken } from "../core/token.ts";

export type FormatAmountParameters = {
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** Base units. */
  readonly amount: bigint;
};
/** A decimal number of whole tokens, exact and without trailing zeros. */
export type FormatAmountReturnType = string;

/**
 * Base units as an amount of whole tokens, by the token's decimals. `parseAmount` reads it back.
 *
 * @throws {@link InvalidParameterError} for a malformed address or amount
 * @throws {@link NotTokenError} for a contract without `decimals`
 * @example
 * ```ts
 * const text = await formatAmount(client, { token, amount: 1_250_000n }); // "1.25" of USDC
 * ```
 */
export async function formatAmount(
  client: Client,
  parameters: FormatAmountParameters,
): Promise<FormatAmountReturnType> {
  const { token, amount } = checkCall(client, parameters);
  checkUint("amount", amount, 256);
  const decimals = Number(await readToken(client, checkAddress("token", token), "decimals", []));
  const digits = amount.toString().padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  const fraction = digits.slice(point).replace(/0+$/, "");
  return fraction === "" ? digits.slice(0, point) : `${digits.slice(0, point)}.${fraction}`;
}

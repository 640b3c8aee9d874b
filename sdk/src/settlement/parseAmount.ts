import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { readToken } from "../core/token.ts";
import { InvalidParameterError } from "../errors.ts";

export type ParseAmountParameters = {
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** A decimal number of whole tokens, such as "1.25". */
  readonly amount: string;
};
/** Base units. */
export type ParseAmountReturnType = bigint;

/**
 * An amount of whole tokens in base units, by the token's decimals. Exact: it refuses more decimals than the token has.
 *
 * @throws {@link InvalidParameterError} for a malformed amount, or one with too many decimals
 * @throws {@link NotTokenError} for a contract without `decimals`
 * @example
 * ```ts
 * const amount = await parseAmount(client, { token, amount: "1.25" }); // 1_250_000n of USDC
 * ```
 */
export async function parseAmount(
  client: Client,
  parameters: ParseAmountParameters,
): Promise<ParseAmountReturnType> {
  const { token, amount } = checkCall(client, parameters);
  const [, whole, fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(typeof amount === "string" ? amount : "") ?? [];
  if (whole === undefined) {
    const problem = `is ${String(amount)}, not a decimal number in text`;
    throw new InvalidParameterError("amount", problem, 'Pass digits with a point, such as "1.25"');
  }
  const decimals = Number(await readToken(client, checkAddress("token", token), "decimals", []));
  if (fraction.length > decimals) {
    const problem = `has ${fraction.length} decimals, but the token has ${decimals}`;
    throw new InvalidParameterError("amount", problem, `Pass at most ${decimals} digits after the point`);
  }
  return checkUint("amount", BigInt(whole + fraction.padEnd(decimals, "0")), 256);
}

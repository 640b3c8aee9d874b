import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetWithdrawableParameters = { readonly account: AddressInput; readonly token: AddressInput };
/** Base units. */
export type GetWithdrawableReturnType = bigint;

/**
 * An account's withdrawable amount: refunds, compute, and parts of applications and sectors.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * const amount = await getWithdrawable(client, { account, token });
 * ```
 */
export async function getWithdrawable(
  client: Client,
  parameters: GetWithdrawableParameters,
): Promise<GetWithdrawableReturnType> {
  const { account, token } = checkCall(client, parameters);
  return await read(client, "SettlementRouter", "withdrawable", [
    checkAddress("account", account),
    checkAddress("token", token),
  ]);
}

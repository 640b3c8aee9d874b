import { addressOf, type Client, checkCall, requireSigner } from "../client.ts";
import type { Address, AddressInput } from "../core/abi.ts";
import { offersBatches } from "../core/batch.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { chooseMethod, type PaymentMethod } from "../core/funding.ts";
import { read } from "../core/read.ts";
import { GridError, InvalidParameterError } from "../errors.ts";
import { pay } from "./pay.ts";

export type PayableParameters = {
  readonly capsuleId: bigint;
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** Base units, above 0. */
  readonly amount: bigint;
};
export type PayableReturnType =
  | {
      readonly payable: true;
      /** How `payFromWallet` would pay. */
      readonly method: PaymentMethod;
    }
  | {
      readonly payable: false;
      /** The reason, as the payment would throw it. */
      readonly error: GridError;
    };

/**
 * Whether the client's account could pay a capsule now, and why not. With an allowance the payment is tried, without a
 * transaction. Without one, this checks capsule, token and balance. Sends and signs nothing.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter, or without a signer
 * @throws {@link NodeUnreachableError} {@link TimeoutError} {@link AbortedError} that say nothing about the payment
 * @example
 * ```ts
 * const answer = await payable(client, { capsuleId, token, amount: 1_000_000n });
 * if (!answer.payable) console.log(answer.error.shortMessage);
 * ```
 */
export async function payable(client: Client, parameters: PayableParameters): Promise<PayableReturnType> {
  const { capsuleId, token, amount } = checkCall(client, parameters);
  checkUint("amount", amount, 128, 1n);
  const place = checkAddress("token", token);
  const account = (await requireSigner(client).getAddress()) as Address;
  const spender = addressOf(client, "SettlementRouter");
  try {
    await read(client, "CapsuleRegistry", "currentSharesVersion", [checkUint("capsuleId", capsuleId, 64)]);
    const cost = { token: place, amount, spender, takesAuthorization: true };
    const method = await chooseMethod(client, account, cost, await offersBatches(client, account));
    if (method === "allowance") await pay.simulate(client, parameters);
    return { payable: true, method };
  } catch (error) {
    if (!(error instanceof GridError) || error instanceof InvalidParameterError) throw error;
    if (!REASONS.includes(error.code)) throw error;
    return { payable: false, error };
  }
}

const REASONS: readonly string[] = ["CONTRACT_REVERT", "INSUFFICIENT_BALANCE", "NOT_A_TOKEN"];

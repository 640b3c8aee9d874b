import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { type PaymentMethod, sendFunded } from "../core/funding.ts";
import { read } from "../core/read.ts";
import { type PayReturnType, pay } from "./pay.ts";

export type PayFromWalletParameters = {
  readonly capsuleId: bigint;
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** Base units, above 0. */
  readonly amount: bigint;
  /** How to pay. @default the method that asks least of the user */
  readonly method?: PaymentMethod;
};
export type PayFromWalletReturnType = PayReturnType & {
  /** How the amount was paid. */
  readonly method: PaymentMethod;
};

/**
 * Pays a capsule from a wallet, with the approval or signature that it needs, see `buy`. `pay` sends the payment alone.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link InsufficientBalanceError} {@link NotTokenError} before anything is signed
 * @throws {@link ContractRevertError} `ERC721NonexistentToken` for an unknown capsule, and as `pay`
 * @example
 * ```ts
 * const { method } = await payFromWallet(client, { capsuleId, token, amount: 1_000_000n });
 * ```
 */
export async function payFromWallet(
  client: Client,
  parameters: PayFromWalletParameters,
): Promise<PayFromWalletReturnType> {
  const { method, ...payment } = checkCall(client, parameters);
  const token = checkAddress("token", payment.token);
  await read(client, "CapsuleRegistry", "currentSharesVersion", [
    checkUint("capsuleId", payment.capsuleId, 64),
  ]);
  const spender = addressOf(client, "SettlementRouter");
  const cost = { token, amount: payment.amount, spender, takesAuthorization: true };
  return await sendFunded(client, pay, payment, cost, method);
}

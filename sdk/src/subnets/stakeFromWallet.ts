import { addressOf, type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { type PaymentMethod, sendFunded } from "../core/funding.ts";
import { type StakeParameters, type StakeReturnType, stake } from "./stake.ts";

export type StakeFromWalletParameters = StakeParameters & {
  /** How to pay. @default the method that asks least of the user */
  readonly method?: Extract<PaymentMethod, "allowance" | "batch" | "approval">;
};
export type StakeFromWalletReturnType = StakeReturnType & {
  /** How the coins were moved. */
  readonly method: PaymentMethod;
};

/**
 * Stakes coins from a wallet, with the approval that it needs. `stake` sends the stake alone.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link InsufficientBalanceError} before anything is signed
 * @throws {@link ContractRevertError} as `stake`
 * @example
 * ```ts
 * const { fromEpoch, method } = await stakeFromWallet(client, { subnetId: 1n, amount: 1_000n * 10n ** 8n });
 * ```
 */
export async function stakeFromWallet(
  client: Client,
  parameters: StakeFromWalletParameters,
): Promise<StakeFromWalletReturnType> {
  const { subnetId, amount, method } = checkCall(client, parameters);
  const cost = {
    token: addressOf(client, "FoundationCoin"),
    amount: checkUint("amount", amount, 64, 1n),
    spender: addressOf(client, "SubnetHub"),
    takesAuthorization: false,
  };
  return await sendFunded(client, stake, { subnetId, amount }, cost, method);
}

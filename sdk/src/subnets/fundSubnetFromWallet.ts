import { addressOf, type Client, checkCall } from "../client.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { type PaymentMethod, sendFunded } from "../core/funding.ts";
import { type FundSubnetParameters, type FundSubnetReturnType, fundSubnet } from "./fundSubnet.ts";

export type FundSubnetFromWalletParameters = FundSubnetParameters & {
  /** How to pay. @default the method that asks least of the user */
  readonly method?: Extract<PaymentMethod, "allowance" | "batch" | "approval">;
};
export type FundSubnetFromWalletReturnType = FundSubnetReturnType & {
  /** How the money was paid. */
  readonly method: PaymentMethod;
};

/**
 * Adds money to a subnet's pots from a wallet, with the approval that it needs. `fundSubnet` sends the deposit alone.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link InsufficientBalanceError} before anything is signed
 * @throws {@link NotTokenError} for an address that is no token
 * @throws {@link ContractRevertError} as `fundSubnet`
 * @example
 * ```ts
 * const order = { subnetId: 1n, token, amountPerEpoch: 1_000_000n, epochs: 4n };
 * const { fundingId, method } = await fundSubnetFromWallet(client, order);
 * ```
 */
export async function fundSubnetFromWallet(
  client: Client,
  parameters: FundSubnetFromWalletParameters,
): Promise<FundSubnetFromWalletReturnType> {
  const { method, ...order } = checkCall(client, parameters);
  const { token, amountPerEpoch, epochs = 1n } = order;
  const cost = {
    token: checkAddress("token", token),
    amount: checkUint("amountPerEpoch", amountPerEpoch, 128, 1n) * checkUint("epochs", epochs, 16, 1n),
    spender: addressOf(client, "SubnetHub"),
    takesAuthorization: false,
  };
  return await sendFunded(client, fundSubnet, order, cost, method);
}

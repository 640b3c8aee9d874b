import { addressOf, type Client, checkCall, requireSigner } from "../client.ts";
import type { Address, AddressInput } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { type PaymentMethod, sendFunded } from "../core/funding.ts";
import { read } from "../core/read.ts";
import { type ContributeReturnType, contribute } from "./contribute.ts";

export type ContributeFromWalletParameters = {
  readonly lotId: bigint;
  /** Base units of the lot's currency, enough for a whole coin at the reserve price. */
  readonly amount: bigint;
  /** Gets the coins. @default the client's account */
  readonly buyer?: AddressInput;
  /** How to pay. @default the method that asks least of the user */
  readonly method?: Extract<PaymentMethod, "allowance" | "batch" | "approval">;
};
export type ContributeFromWalletReturnType = ContributeReturnType & {
  /** How the amount was paid. */
  readonly method: PaymentMethod;
};

/**
 * Contributes to a lot from a wallet, with the approval that it needs. `contribute` sends the contribution alone.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link InsufficientBalanceError} before anything is signed
 * @throws {@link ContractRevertError} as `contribute`
 * @example
 * ```ts
 * const { programmeId, method } = await contributeFromWallet(client, { lotId: 3n, amount: 5_000_000n });
 * ```
 */
export async function contributeFromWallet(
  client: Client,
  parameters: ContributeFromWalletParameters,
): Promise<ContributeFromWalletReturnType> {
  const { lotId, amount, buyer, method } = checkCall(client, parameters);
  const account = (await requireSigner(client).getAddress()) as Address;
  const { currency } = await read(client, "CoinSale", "lotOf", [checkUint("lotId", lotId, 64)]);
  const cost = { token: currency, amount, spender: addressOf(client, "CoinSale"), takesAuthorization: false };
  return await sendFunded(client, contribute, { lotId, amount, buyer: buyer ?? account }, cost, method);
}

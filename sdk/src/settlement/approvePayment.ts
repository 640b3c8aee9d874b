import { addressOf } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ApprovePaymentParameters = {
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** Base units that the router may take from the caller in all. */
  readonly amount: bigint;
};
export type ApprovePaymentReturnType = Sent;

/**
 * Lets the router take payments from the caller, for actions without an `authorization`.
 *
 * @throws {@link InvalidParameterError} for a malformed address or amount
 * @example
 * ```ts
 * await approvePayment(client, { token, amount: 25_000n });
 * ```
 */
export const approvePayment = defineWrite({
  contract: "TestUSD", // Any ERC-20 token.
  method: "approve",
  target: ({ token }: ApprovePaymentParameters) => checkAddress("token", token),
  args: ({ amount }, client) => [addressOf(client, "SettlementRouter"), checkUint("amount", amount, 256)],
  result: () => ({}),
});

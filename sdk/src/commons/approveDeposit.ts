import { addressOf } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ApproveDepositParameters = {
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** Base units that the Commons may take from the caller in all. */
  readonly amount: bigint;
};
export type ApproveDepositReturnType = Sent;

/**
 * Lets the Commons take deposits from the caller.
 *
 * @throws {@link InvalidParameterError} for a malformed address or amount
 * @example
 * ```ts
 * await approveDeposit(client, { token, amount: 5_000_000n });
 * ```
 */
export const approveDeposit = defineWrite({
  contract: "TestUSD", // Any ERC-20 token.
  method: "approve",
  target: ({ token }: ApproveDepositParameters) => checkAddress("token", token),
  args: ({ amount }, client) => [addressOf(client, "Commons"), checkUint("amount", amount, 256)],
  result: () => ({}),
});

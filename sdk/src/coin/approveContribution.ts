import { addressOf } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ApproveContributionParameters = {
  /** ERC-20 token, the lot's currency. */
  readonly token: AddressInput;
  /** Base units that the sale may take from the caller in all. */
  readonly amount: bigint;
};
export type ApproveContributionReturnType = Sent;

/**
 * Lets the sale take contributions from the caller.
 *
 * @throws {@link InvalidParameterError} for a malformed address or amount
 * @example
 * ```ts
 * await approveContribution(client, { token: currency, amount: 5_000_000n });
 * ```
 */
export const approveContribution = defineWrite({
  contract: "TestUSD", // Any ERC-20 token.
  method: "approve",
  target: ({ token }: ApproveContributionParameters) => checkAddress("token", token),
  args: ({ amount }, client) => [addressOf(client, "CoinSale"), checkUint("amount", amount, 256)],
  result: () => ({}),
});

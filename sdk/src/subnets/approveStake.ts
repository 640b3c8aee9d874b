import { addressOf } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ApproveStakeParameters = {
  /** Most base units of Foundation Coin to take from the caller in all. */
  readonly amount: bigint;
};
export type ApproveStakeReturnType = Sent;

/**
 * Lets the subnet hub take Foundation Coin from the caller: for stakes, the bond of a subnet, and a miner's fee.
 *
 * @throws {@link InvalidParameterError} for a malformed amount
 * @example
 * ```ts
 * await approveStake(client, { amount: 1_000n * 10n ** 8n });
 * ```
 */
export const approveStake = defineWrite({
  contract: "FoundationCoin",
  method: "approve",
  args: ({ amount }: ApproveStakeParameters, client) => [
    addressOf(client, "SubnetHub"),
    checkUint("amount", amount, 256),
  ],
  result: () => ({}),
});

import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type WithdrawParameters = {
  /** The receiver. */
  readonly account: AddressInput;
  /** ERC-20 token. */
  readonly token: AddressInput;
};
export type WithdrawReturnType = Sent & {
  /** Base units paid. 0 if nothing was owed. */
  readonly amount: bigint;
};

/**
 * Pays an account its refunds, compute, and parts of applications and sectors. Anyone may call.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} the token's errors if it refuses the account
 * @example
 * ```ts
 * const { amount } = await withdraw(client, { account, token });
 * ```
 */
export const withdraw = defineWrite({
  contract: "SettlementRouter",
  method: "withdraw",
  args: ({ account, token }: WithdrawParameters) => [
    checkAddress("account", account),
    checkAddress("token", token),
  ],
  result: (events) => ({ amount: events("SettlementRouter", "Withdrawn")[0]?.amount ?? 0n }),
});

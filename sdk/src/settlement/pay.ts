import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { definePaid, encodeAuthorization, type Payment } from "../core/payment.ts";
import type { Sent } from "../core/write.ts";

export type PayParameters = Payment & {
  readonly capsuleId: bigint;
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** Base units, above 0. */
  readonly amount: bigint;
};
export type PayReturnType = Sent & {
  readonly payer: Address;
  /** The payment's shares version. */
  readonly sharesVersion: bigint;
};

/**
 * Pays a capsule, split 40/30/20/10 among its earners. The cost does not depend on their number.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link PermitExpiredError} {@link PermitTooSmallError} for such an authorization
 * @throws {@link NotTokenError} for a contract that is no token
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`, `PaymentTokenNotContract`,
 * `TransferAmountMismatch`, and the token's errors, such as `ERC20InsufficientAllowance`
 * @example
 * ```ts
 * await pay(client, { capsuleId, token, amount: 1_000_000n });
 * ```
 */
export const pay = definePaid({
  contract: "SettlementRouter",
  method: "pay",
  args: ({ capsuleId, token, amount, ...payment }: PayParameters) => [
    checkUint("capsuleId", capsuleId, 64),
    checkAddress("token", token),
    checkUint("amount", amount, 128, 1n),
    encodeAuthorization(payment),
  ],
  token: ({ token }) => token,
  amount: ({ amount }) => amount,
  result: (events) => {
    const { payer, sharesVersion } = one(events("SettlementRouter", "Paid"));
    return { payer, sharesVersion };
  },
});

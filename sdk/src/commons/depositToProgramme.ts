import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type DepositToProgrammeParameters = {
  readonly programmeId: bigint;
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** Base units. */
  readonly amount: bigint;
};
export type DepositToProgrammeReturnType = Sent;

/**
 * Pays into a programme's vault from the caller's allowance, see `approveDeposit`. There is no refund: only
 * milestones take money out of a vault.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `ProgrammeNonexistent`, `VaultTokenNotContract`, `TransferAmountMismatch`, and the
 * token's errors, such as `ERC20InsufficientAllowance`
 * @example
 * ```ts
 * await depositToProgramme(client, { programmeId: 1n, token, amount: 5_000_000n });
 * ```
 */
export const depositToProgramme = defineWrite({
  contract: "Commons",
  method: "deposit",
  args: ({ programmeId, token, amount }: DepositToProgrammeParameters) => [
    checkUint("programmeId", programmeId, 64),
    checkAddress("token", token),
    checkUint("amount", amount, 128, 1n),
  ],
  result: () => ({}),
});

import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ContributeParameters = {
  readonly lotId: bigint;
  /** Gets the coins. */
  readonly buyer: AddressInput;
  /** Base units of the lot's currency, enough for a whole coin at the reserve price. */
  readonly amount: bigint;
};
export type ContributeReturnType = Sent & {
  readonly payer: Address;
  /** The programme paid by the contribution. */
  readonly programmeId: bigint;
};

/**
 * Contributes to a lot from the caller's allowance, see `approveContribution`. There is no refund: the same
 * transaction pays the money into the programme's vault. All buyers pay the same price, known at the lot's end.
 * `getLot` returns the price so far.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `LotNonexistent`, `LotOver`, `ContributionTooSmall`,
 * `TransferAmountMismatch`, and the token's errors, such as `ERC20InsufficientAllowance`
 * @example
 * ```ts
 * const { programmeId } = await contribute(client, { lotId: 3n, buyer, amount: 5_000_000n });
 * ```
 */
export const contribute = defineWrite({
  contract: "CoinSale",
  method: "contribute",
  args: ({ lotId, buyer, amount }: ContributeParameters) => [
    checkUint("lotId", lotId, 64),
    checkAddress("buyer", buyer),
    checkUint("amount", amount, 128, 1n),
  ],
  result: (events) => {
    const { payer } = one(events("CoinSale", "Contributed"));
    // The last one: by a currency with hooks, the payer may have made a gift before.
    const programmeId = events("Commons", "VaultFunded").at(-1)?.programmeId ?? 0n;
    return { payer, programmeId };
  },
});

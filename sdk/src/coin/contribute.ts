import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ContributeParameters = {
  readonly lotId: bigint;
  /** Who gets the coins. */
  readonly buyer: AddressInput;
  /** Base units of the lot's currency, enough for a whole coin at the reserve. */
  readonly amount: bigint;
};
export type ContributeReturnType = Sent & {
  readonly payer: Address;
  /** The programme whose vault has the money. */
  readonly programmeId: bigint;
};

/**
 * Pays for a part of a lot from the caller's allowance, see `approveContribution`. Nothing ever comes back: the money is
 * in the programme's vault in the same transaction. The price is the same for all and known when the lot is over;
 * `getLot` tells what it is so far.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `LotNonexistent`, `LotOver`, `ContributionTooSmall`,
 * `ContributionTransferMismatch`, and the token's errors, such as `ERC20InsufficientAllowance`
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
    // The last one: a currency with hooks may have let the payer give something before.
    const programmeId = events("Commons", "VaultFunded").at(-1)?.programmeId ?? 0n;
    return { payer, programmeId };
  },
});

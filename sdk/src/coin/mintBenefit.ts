import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type MintBenefitParameters = {
  readonly round: bigint;
  readonly sector: bigint;
  readonly championId: bigint;
};
export type MintBenefitReturnType = Sent & {
  /** Base units of the coin, now in stock for sale. */
  readonly amount: bigint;
};

/**
 * Mints a champion's coins of a closed round and sector, once, for sale. Anyone may call.
 *
 * @throws {@link InvalidParameterError} for a malformed number
 * @throws {@link ContractRevertError} `RoundNotClosed`, `BenefitNonexistent`, `BenefitAlreadyMinted`
 * @example
 * ```ts
 * const { amount } = await mintBenefit(client, { round: 12n, sector: 7n, championId: 1n });
 * ```
 */
export const mintBenefit = defineWrite({
  contract: "BenefitMine",
  method: "mint",
  args: ({ round, sector, championId }: MintBenefitParameters) => [
    checkUint("round", round, 32),
    checkUint("sector", sector, 16),
    checkUint("championId", championId, 32),
  ],
  result: (events) => {
    const { amount } = one(events("BenefitMine", "BenefitMinted"));
    return { amount };
  },
});

import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type CloseRoundParameters = {
  /** The next round with benefit, see `getRound`. */
  readonly round: bigint;
};
export type CloseRoundReturnType = Sent & {
  /** First of the round's 144 heights. */
  readonly height: bigint;
  /** Most base units the round could mint. */
  readonly subsidy: bigint;
  /** The earnings of sectors with benefit, base units of the coin. */
  readonly sectors: readonly { readonly sector: bigint; readonly units: bigint; readonly amount: bigint }[];
};

/**
 * Mines an ended round with benefit and fixes each sector's earnings. Anyone may call. `closeRounds` closes all
 * ended rounds.
 *
 * @throws {@link InvalidParameterError} for a malformed number
 * @throws {@link ContractRevertError} `RoundNotNext`, `RoundNotOver`
 * @example
 * ```ts
 * const { sectors } = await closeRound(client, { round: 12n });
 * ```
 */
export const closeRound = defineWrite({
  contract: "BenefitMine",
  method: "close",
  args: ({ round }: CloseRoundParameters) => [checkUint("round", round, 32)],
  result: (events) => {
    const { height, subsidy } = one(events("BenefitMine", "RoundClosed"));
    const sectors = events("BenefitMine", "SectorEarned").map(({ sector, units, amount }) => ({
      sector,
      units,
      amount,
    }));
    return { height, subsidy, sectors };
  },
});

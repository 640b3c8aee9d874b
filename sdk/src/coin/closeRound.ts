import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type CloseRoundParameters = {
  /** The next one with benefit, see `getRound`. */
  readonly round: bigint;
};
export type CloseRoundReturnType = Sent & {
  /** First of the 144 heights that it mined. */
  readonly height: bigint;
  /** Base units that it could mint at most. */
  readonly subsidy: bigint;
  /** What sectors with benefit earned, base units of the coin. */
  readonly sectors: readonly { readonly sector: bigint; readonly units: bigint; readonly amount: bigint }[];
};

/**
 * Mines a round with benefit that is over: fixes what each sector earned. Anyone may; `closeRounds` closes all that are
 * over.
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

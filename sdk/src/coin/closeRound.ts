import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type CloseRoundParameters = {
  /** The next round with benefit, see `getRound`. */
  readonly round: bigint;
};
export type CloseRoundReturnType = Sent & {
  /** The round mined the schedule from this height to `toHeight`, in 2^-64. */
  readonly fromHeight: bigint;
  readonly toHeight: bigint;
  /** Base units of the coin mined. */
  readonly amount: bigint;
  /** The earnings of sectors with benefit. They add up to `amount`. */
  readonly sectors: readonly { readonly sector: bigint; readonly benefit: bigint; readonly amount: bigint }[];
};

/**
 * Mines a round with benefit, from 3 days after its end, and divides its coins among sectors. Anyone may call.
 * `closeRounds` closes all such rounds.
 *
 * @throws {@link InvalidParameterError} for a malformed number
 * @throws {@link ContractRevertError} `RoundNotNext`, `RoundOnHold`
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
    const { fromHeight, toHeight, amount: mined } = one(events("BenefitMine", "RoundClosed"));
    const sectors = events("BenefitMine", "SectorEarned").map(({ sector, benefit, amount }) => ({
      sector,
      benefit,
      amount,
    }));
    return { fromHeight, toHeight, amount: mined, sectors };
  },
});

import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ReportBenefitParameters = {
  readonly championId: bigint;
  readonly sector: bigint;
  /** Units of credited free use, above 0. */
  readonly use: bigint;
};
export type ReportBenefitReturnType = Sent & {
  /** The round of the credit. */
  readonly round: bigint;
  /** Use times the champion's quality, rounded down. Sectors and coins count it. */
  readonly benefit: bigint;
};

/**
 * Credits a champion with use and its benefit in the current round. Only sources admitted by governance may call.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `CallerNotSource`, `SectorWithoutWeight`, `ReportChampionNotRewarded`,
 * `ReportWithoutBenefit`, `ReportExceedsCap`, `ReportExceedsAllowance`
 * @example
 * ```ts
 * const { round, benefit } = await reportBenefit(client, { championId: 1n, sector: 7n, use: 1_234n });
 * ```
 */
export const reportBenefit = defineWrite({
  contract: "BenefitMine",
  method: "report",
  args: ({ championId, sector, use }: ReportBenefitParameters) => [
    checkUint("championId", championId, 32),
    checkUint("sector", sector, 16),
    checkUint("use", use, 88, 1n),
  ],
  result: (events) => {
    const { round, benefit } = one(events("BenefitMine", "BenefitReported"));
    return { round, benefit };
  },
});

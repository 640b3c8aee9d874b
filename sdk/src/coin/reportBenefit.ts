import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ReportBenefitParameters = {
  readonly championId: bigint;
  readonly sector: bigint;
  /** Benefit units: credited free use times quality, above 0. */
  readonly units: bigint;
};
export type ReportBenefitReturnType = Sent & {
  /** The round of the credit. */
  readonly round: bigint;
};

/**
 * Credits a champion with benefit in the current round. Only sources admitted by governance may call.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `CallerNotSource`, `SectorWithoutWeight`, `ReportChampionNotRewarded`,
 * `ReportExceedsCap`, `ReportExceedsAllowance`
 * @example
 * ```ts
 * const { round } = await reportBenefit(client, { championId: 1n, sector: 7n, units: 1_234n });
 * ```
 */
export const reportBenefit = defineWrite({
  contract: "BenefitMine",
  method: "report",
  args: ({ championId, sector, units }: ReportBenefitParameters) => [
    checkUint("championId", championId, 32),
    checkUint("sector", sector, 16),
    checkUint("units", units, 128, 1n),
  ],
  result: (events) => {
    const { round } = one(events("BenefitMine", "BenefitReported"));
    return { round };
  },
});

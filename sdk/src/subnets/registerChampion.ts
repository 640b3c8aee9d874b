import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RegisterChampionParameters = { readonly subnetId: bigint; readonly championId: bigint };
export type RegisterChampionReturnType = Sent & {
  /** Number of the champion's slot, counted from 0. */
  readonly slot: bigint;
};

/**
 * Registers the caller's champion as miner of its sector's sovereign subnet, in the first phase of an epoch, without fee.
 * A registered champion with a new operator keeps its slot, and its operator is updated.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetIsRetired`, `SubnetKindMismatch`, `SubnetPhaseMismatch`,
 * `EpochPending` (see `runEpoch`), `ChampionNonexistent`, `CallerNotChampionsOperator`, `ChampionNotRewardedInSector`,
 * `MinerAlreadyRegistered`, `MinersImmune`, `ReplacementsExceedMaximum`
 * @example
 * ```ts
 * const { slot } = await registerChampion(client, { subnetId: 1n, championId: 1n });
 * ```
 */
export const registerChampion = defineWrite({
  contract: "SubnetHub",
  method: "registerChampion",
  args: ({ subnetId, championId }: RegisterChampionParameters) => [
    checkUint("subnetId", subnetId, 32),
    checkUint("championId", championId, 32),
  ],
  result: (events) => {
    const seats = [...events("SubnetHub", "MinerRegistered"), ...events("SubnetHub", "MinerAccountSet")];
    return { slot: one(seats).slot };
  },
});

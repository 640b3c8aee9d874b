import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RegisterMinerParameters = { readonly subnetId: bigint };
export type RegisterMinerReturnType = Sent & {
  /** Number of the slot, counted from 0. */
  readonly slot: bigint;
  /** The current epoch. */
  readonly epoch: bigint;
  /** Fee paid, base units of Foundation Coin. */
  readonly fee: bigint;
};

/**
 * Registers the caller as miner of an open subnet, in the first phase of an epoch. Takes the subnet's fee from the
 * caller's allowance, see `approveStake`. A full table replaces its weakest miner that is not immune.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetIsRetired`, `SubnetKindMismatch`, `SubnetPhaseMismatch`, `EpochPending` (see
 * `runEpoch`), `MinerAlreadyRegistered`, `MinersImmune`, `ReplacementsExceedMaximum`, `ERC20InsufficientAllowance`
 * @example
 * ```ts
 * const { slot } = await registerMiner(client, { subnetId: 1n });
 * ```
 */
export const registerMiner = defineWrite({
  contract: "SubnetHub",
  method: "registerMiner",
  args: ({ subnetId }: RegisterMinerParameters) => [checkUint("subnetId", subnetId, 32)],
  result: (events) => {
    const { slot, epoch, fee } = one(events("SubnetHub", "MinerRegistered"));
    return { slot, epoch, fee };
  },
});

import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RegisterValidatorParameters = { readonly subnetId: bigint };
export type RegisterValidatorReturnType = Sent & {
  /** Number of the slot, counted from 0. */
  readonly slot: bigint;
  /** The current epoch. */
  readonly epoch: bigint;
  /** First epoch in which it can unstake or leave, and in which one with more stake can replace it. */
  readonly immuneUntil: bigint;
};

/**
 * Registers the caller as validator, in the first phase of an epoch. It needs the subnet's minimum stake. A full table
 * replaces its weakest validator, if that has less stake and is not immune. The caller's coins are bound while it is
 * immune, for the subnet's `immunity` in epochs.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetIsRetired`, `SubnetPhaseMismatch`, `EpochPending` (see `runEpoch`),
 * `ValidatorAlreadyRegistered`, `StakeBelowMinimum`, `ValidatorsImmune`, `StakeNotAboveWeakest`
 * @example
 * ```ts
 * const { slot } = await registerValidator(client, { subnetId: 1n });
 * ```
 */
export const registerValidator = defineWrite({
  contract: "SubnetHub",
  method: "registerValidator",
  args: ({ subnetId }: RegisterValidatorParameters) => [checkUint("subnetId", subnetId, 32)],
  result: (events) => {
    const { slot, epoch, immuneUntil } = one(events("SubnetHub", "ValidatorRegistered"));
    return { slot, epoch, immuneUntil };
  },
});

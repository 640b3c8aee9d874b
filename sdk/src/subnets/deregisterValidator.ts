import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type DeregisterValidatorParameters = { readonly subnetId: bigint };
export type DeregisterValidatorReturnType = Sent & {
  /** Number of the slot that is empty now. */
  readonly slot: bigint;
};

/**
 * Gives up the caller's slot as validator, in the first phase of an epoch, once its immunity is over. Its stake stays:
 * see `unstake`.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `ValidatorNotRegistered`, `SubnetPhaseMismatch`, `EpochPending`,
 * `ValidatorBound`
 * @example
 * ```ts
 * const { slot } = await deregisterValidator(client, { subnetId: 1n });
 * ```
 */
export const deregisterValidator = defineWrite({
  contract: "SubnetHub",
  method: "deregisterValidator",
  args: ({ subnetId }: DeregisterValidatorParameters) => [checkUint("subnetId", subnetId, 32)],
  result: (events) => {
    const { slot } = one(events("SubnetHub", "ValidatorRemoved"));
    return { slot };
  },
});

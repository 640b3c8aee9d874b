import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type StopSourceParameters = {
  /** A source with a leaked key, admitted or removed. */
  readonly source: AddressInput;
};
export type StopSourceReturnType = Sent & {
  /** Its reports are void in rounds from this one until now. */
  readonly fromRound: bigint;
};

/**
 * Stops a source of benefit reports at once, and voids its reports in rounds on hold. Only the guardian's council may
 * call.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `GuardianTermOver`, `GuardianCallerNotCouncil`, `SourceNotAdmitted`,
 * `StopsExceedMaximum`
 * @example
 * ```ts
 * const { fromRound } = await stopSource(client, { source: account });
 * ```
 */
export const stopSource = defineWrite({
  contract: "Guardian",
  method: "stopSource",
  args: ({ source }: StopSourceParameters) => [checkAddress("source", source)],
  result: (events) => {
    const { fromRound } = one(events("BenefitMine", "SourceStopped"));
    return { fromRound };
  },
});

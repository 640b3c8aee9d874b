import { checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type AcceptMeterParameters = { readonly meterId: bigint };
export type AcceptMeterReturnType = Sent;

/**
 * Makes the caller the owner of a meter. The previous owner named it by `transferMeter`. Operator, payee and endpoint
 * stay.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `CallerNotMeterPendingOwner`
 * @example
 * ```ts
 * await acceptMeter(client, { meterId });
 * ```
 */
export const acceptMeter = defineWrite({
  contract: "UsageLedger",
  method: "acceptMeter",
  args: ({ meterId }: AcceptMeterParameters) => [checkUint("meterId", meterId, 32)],
  result: () => ({}),
});

import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type SetMeterParameters = {
  readonly meterId: bigint;
  /** Submits batches. */
  readonly operator: AddressInput;
  /** Earns the compute part of the meter's settlements. */
  readonly payee: AddressInput;
  /** URL of the meter's service. */
  readonly endpoint: string;
};
export type SetMeterReturnType = Sent;

/**
 * Replaces a meter's operator, payee and endpoint. The owner calls.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `CallerNotMeterOwner`, `MeterAccountZero`
 * @example
 * ```ts
 * await setMeter(client, { meterId, operator, payee, endpoint: "https://meter.example" });
 * ```
 */
export const setMeter = defineWrite({
  contract: "UsageLedger",
  method: "setMeter",
  args: ({ meterId, operator, payee, endpoint }: SetMeterParameters) => [
    checkUint("meterId", meterId, 32),
    checkAddress("operator", operator),
    checkAddress("payee", payee),
    endpoint,
  ],
  result: () => ({}),
});

import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RegisterMeterParameters = {
  /** Earns the compute part of the meter's settlements. */
  readonly payee: AddressInput;
  /** URL of the meter's service. */
  readonly endpoint: string;
};
export type RegisterMeterReturnType = Sent & { readonly meterId: bigint };

/**
 * Registers a meter. The caller operates it.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `MeterAccountZero`
 * @example
 * ```ts
 * const { meterId } = await registerMeter(client, { payee, endpoint: "https://meter.example" });
 * ```
 */
export const registerMeter = defineWrite({
  contract: "UsageLedger",
  method: "registerMeter",
  args: ({ payee, endpoint }: RegisterMeterParameters) => [checkAddress("payee", payee), endpoint],
  result: (events) => {
    const { meterId } = one(events("UsageLedger", "MeterSet"));
    return { meterId };
  },
});

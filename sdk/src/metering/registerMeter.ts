import { requireSigner } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RegisterMeterParameters = {
  /** Submits batches. Its key is online, so prefer another one than the owner's. @default the caller */
  readonly operator?: AddressInput;
  /** Earns the compute part of the meter's settlements. */
  readonly payee: AddressInput;
  /** URL of the meter's service. */
  readonly endpoint: string;
};
export type RegisterMeterReturnType = Sent & { readonly meterId: bigint };

/**
 * Registers a meter. The caller owns it.
 *
 * @throws {@link InvalidParameterError} for a malformed address, or without operator and signer
 * @throws {@link ContractRevertError} `MeterAccountZero`
 * @example
 * ```ts
 * const { meterId } = await registerMeter(client, { operator, payee, endpoint: "https://meter.example" });
 * ```
 */
export const registerMeter = defineWrite({
  contract: "UsageLedger",
  method: "registerMeter",
  args: async ({ operator, payee, endpoint }: RegisterMeterParameters, client) => [
    checkAddress("operator", operator ?? (await requireSigner(client).getAddress())),
    checkAddress("payee", payee),
    endpoint,
  ],
  result: (events) => {
    const { meterId } = one(events("UsageLedger", "MeterSet"));
    return { meterId };
  },
});

import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type TransferMeterParameters = {
  readonly meterId: bigint;
  /** The next owner. The zero address takes an earlier name back. */
  readonly newOwner: AddressInput;
};
export type TransferMeterReturnType = Sent;

/**
 * Names the next owner of a meter. The owner calls. Nothing changes until the next owner calls `acceptMeter`.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `CallerNotMeterOwner`
 * @example
 * ```ts
 * await transferMeter(client, { meterId, newOwner: owner });
 * ```
 */
export const transferMeter = defineWrite({
  contract: "UsageLedger",
  method: "transferMeter",
  args: ({ meterId, newOwner }: TransferMeterParameters) => [
    checkUint("meterId", meterId, 32),
    checkAddress("newOwner", newOwner),
  ],
  result: () => ({}),
});

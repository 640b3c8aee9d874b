import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { clockOf } from "./clock.ts";

export type FundSubnetParameters = {
  readonly subnetId: bigint;
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** Base units for each epoch. */
  readonly amountPerEpoch: bigint;
  /** @default the current epoch */
  readonly firstEpoch?: bigint;
  /** Number of epochs, at most 53. @default 1n */
  readonly epochs?: bigint;
};
export type FundSubnetReturnType = Sent & {
  /** For `reclaimFunding`, if the subnet is retired. */
  readonly fundingId: bigint;
  readonly firstEpoch: bigint;
  readonly epochs: bigint;
};

/**
 * Adds money to the pots of consecutive epochs, from the caller's allowance, see `approveFunding`. The last epoch is at
 * most 52 after the current one.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetIsRetired`, `PotEpochsOutOfRange`,
 * `TransferAmountMismatch`, and the token's errors, such as `ERC20InsufficientAllowance`
 * @example
 * ```ts
 * const order = { subnetId: 1n, token, amountPerEpoch: 1_000_000n, epochs: 4n };
 * await approveFunding(client, { token, amount: 4_000_000n });
 * const { fundingId } = await fundSubnet(client, order);
 * ```
 */
export const fundSubnet = defineWrite({
  contract: "SubnetHub",
  method: "fund",
  args: async (
    { subnetId, token, amountPerEpoch, firstEpoch, epochs = 1n }: FundSubnetParameters,
    client,
  ) => {
    const id = checkUint("subnetId", subnetId, 32);
    const place = checkAddress("token", token);
    const amount = checkUint("amountPerEpoch", amountPerEpoch, 128, 1n);
    const count = checkUint("epochs", epochs, 16, 1n);
    const first = firstEpoch ?? (await clockOf(client, id)).epoch;
    return [id, place, amount, checkUint("firstEpoch", first, 32), count];
  },
  result: (events) => {
    const { fundingId, firstEpoch, epochs } = one(events("SubnetHub", "PotFunded"));
    return { fundingId, firstEpoch, epochs };
  },
});

import type { Hex } from "../core/abi.ts";
import { checkHex, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type CreateSubnetParameters = {
  /** Subnet whose parameters are inherited. @default the default parameters, see `getSubnetDefaults` */
  readonly parentId?: bigint;
  /** SHA-256 of the description: the task, and how validators score it. */
  readonly metadataHash: Hex;
  /** Address of the description. */
  readonly uri: string;
};
export type CreateSubnetReturnType = Sent & {
  readonly subnetId: bigint;
  /** Base units of Foundation Coin. `retireSubnet` returns them. */
  readonly bond: bigint;
};

/**
 * Creates an open subnet. Takes the bond from the caller's allowance, see `approveStake`. Epoch 1 starts at once.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link ContractRevertError} `SubnetsExceedMaximum`, `SubnetNonexistent`, `ERC20InsufficientAllowance`
 * @example
 * ```ts
 * const { bond } = await getSubnetDefaults(client);
 * await approveStake(client, { amount: bond });
 * const { subnetId } = await createSubnet(client, { metadataHash: contentHash, uri: "ipfs://subnet" });
 * ```
 */
export const createSubnet = defineWrite({
  contract: "SubnetHub",
  method: "create",
  args: ({ parentId = 0n, metadataHash, uri }: CreateSubnetParameters) => [
    checkUint("parentId", parentId, 32),
    checkHex("metadataHash", metadataHash, 32),
    uri,
  ],
  result: (events) => {
    const { subnetId, bond } = one(events("SubnetHub", "SubnetCreated"));
    return { subnetId, bond };
  },
});

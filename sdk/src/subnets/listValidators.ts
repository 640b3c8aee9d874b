import { ZeroAddress } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type ListValidatorsParameters = { readonly subnetId: bigint };
/** By slot. Empty slots are left out. */
export type ListValidatorsReturnType = readonly {
  readonly slot: bigint;
  readonly account: Address;
  /** Epoch of its registration. */
  readonly registeredAt: bigint;
  /** First epoch in which it can unstake or leave, and in which one with more stake can replace it. */
  readonly immuneUntil: bigint;
  /** Last epoch in which it revealed weights. */
  readonly revealedAt: bigint | undefined;
  /** Base units of Foundation Coin that count in the current epoch. */
  readonly stake: bigint;
}[];

/**
 * The validators of a subnet.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `SubnetNonexistent`
 * @example
 * ```ts
 * const validators = await listValidators(client, { subnetId: 1n });
 * ```
 */
export async function listValidators(
  client: Client,
  parameters: ListValidatorsParameters,
): Promise<ListValidatorsReturnType> {
  const subnetId = checkUint("subnetId", checkCall(client, parameters).subnetId, 32);
  await read(client, "SubnetHub", "subnetOf", [subnetId]);
  const table = await read(client, "SubnetHub", "validatorsOf", [subnetId]);
  const seats = table.map((seat, i) => ({ ...seat, slot: BigInt(i) }));
  return await Promise.all(
    seats
      .filter(({ account }) => account !== ZeroAddress)
      .map(async ({ slot, account, registeredAt, immuneUntil, revealedAt }) => ({
        slot,
        account,
        registeredAt,
        immuneUntil,
        revealedAt: revealedAt || undefined,
        stake: await read(client, "SubnetHub", "countedStakeOf", [subnetId, account]),
      })),
  );
}

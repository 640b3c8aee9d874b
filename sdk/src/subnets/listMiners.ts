import { ZeroAddress } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type ListMinersParameters = { readonly subnetId: bigint };
/** By slot. Empty slots are left out. */
export type ListMinersReturnType = readonly {
  /** Place of its weight in a row of weights. */
  readonly slot: bigint;
  /** The miner, or the champion's operator. */
  readonly account: Address;
  /** Epoch of its registration. Weights of that epoch do not count for it. */
  readonly registeredAt: bigint;
  /** In the last epoch that had any, in 2^-32. */
  readonly incentive: bigint;
  /** In a sovereign subnet. */
  readonly championId: bigint | undefined;
}[];

/**
 * The miners of a subnet.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `SubnetNonexistent`
 * @example
 * ```ts
 * const miners = await listMiners(client, { subnetId: 1n });
 * ```
 */
export async function listMiners(
  client: Client,
  parameters: ListMinersParameters,
): Promise<ListMinersReturnType> {
  const subnetId = checkUint("subnetId", checkCall(client, parameters).subnetId, 32);
  await read(client, "SubnetHub", "subnetOf", [subnetId]);
  const table = await read(client, "SubnetHub", "minersOf", [subnetId]);
  return table
    .map(({ championId, ...seat }, i) => ({ slot: BigInt(i), ...seat, championId: championId || undefined }))
    .filter(({ account }) => account !== ZeroAddress);
}

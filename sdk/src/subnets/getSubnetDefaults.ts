import { type Client, checkClient } from "../client.ts";
import { read } from "../core/read.ts";
import type { SubnetParams } from "../shared/subnet.ts";

export type GetSubnetDefaultsReturnType = {
  /** Parameters of future subnets without a parent. */
  readonly params: SubnetParams;
  /** Bond of a new open subnet, base units of Foundation Coin. */
  readonly bond: bigint;
  /** Open subnets that are not retired, and how many there can be. */
  readonly openSubnets: bigint;
  readonly maxSubnets: bigint;
};

/**
 * What a new subnet needs and gets.
 *
 * @example
 * ```ts
 * const { bond, params } = await getSubnetDefaults(client);
 * ```
 */
export async function getSubnetDefaults(client: Client): Promise<GetSubnetDefaultsReturnType> {
  checkClient(client);
  const [params, bond, openSubnets, maxSubnets] = await Promise.all([
    read(client, "SubnetHub", "defaultParams", []),
    read(client, "SubnetHub", "subnetBond", []),
    read(client, "SubnetHub", "openSubnets", []),
    read(client, "SubnetHub", "maxSubnets", []),
  ]);
  return { params, bond, openSubnets, maxSubnets };
}

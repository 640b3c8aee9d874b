import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";
import { SUBNET_KINDS, type SubnetKind, type SubnetParams } from "../shared/subnet.ts";

export type GetSubnetParameters = { readonly subnetId: bigint };
export type GetSubnetReturnType = {
  readonly kind: SubnetKind;
  readonly creator: Address;
  /** Start of epoch 1, seconds since 1970. */
  readonly start: bigint;
  /** Sector of a sovereign subnet. */
  readonly sector: bigint | undefined;
  /** Subnet whose parameters it inherited. */
  readonly parentId: bigint | undefined;
  /** First epoch that does not take place. */
  readonly retiredFrom: bigint | undefined;
  /** Epoch with revealed weights that was not run yet, possibly the current one. */
  readonly pendingEpoch: bigint | undefined;
  /** Last epoch that was run. */
  readonly lastEpoch: bigint | undefined;
  /** Base units of Foundation Coin returned when it retires. */
  readonly bond: bigint;
  readonly params: SubnetParams;
};

/**
 * A subnet and its parameters. `listSubnets` has their descriptions.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `SubnetNonexistent`
 * @example
 * ```ts
 * const { params, pendingEpoch } = await getSubnet(client, { subnetId: 1n });
 * ```
 */
export async function getSubnet(
  client: Client,
  parameters: GetSubnetParameters,
): Promise<GetSubnetReturnType> {
  const subnetId = checkUint("subnetId", checkCall(client, parameters).subnetId, 32);
  const [subnet, params] = await Promise.all([
    read(client, "SubnetHub", "subnetOf", [subnetId]),
    read(client, "SubnetHub", "paramsOf", [subnetId]),
  ]);
  const { kind, creator, start, bond } = subnet;
  return {
    kind: nameAt(SUBNET_KINDS, kind),
    creator,
    start,
    sector: kind === 0n ? undefined : subnet.sector,
    parentId: subnet.parentId || undefined,
    retiredFrom: subnet.retiredFrom || undefined,
    pendingEpoch: subnet.pendingEpoch || undefined,
    lastEpoch: subnet.lastEpoch || undefined,
    bond,
    params,
  };
}

import { type Client, checkCall } from "../client.ts";
import type { Address, Hex } from "../core/abi.ts";
import { checkCount } from "../core/check.ts";
import { readLogs, type SearchRange } from "../core/logs.ts";
import { nameAt } from "../core/names.ts";
import { SUBNET_KINDS, type SubnetKind } from "../shared/subnet.ts";

export type ListSubnetsParameters = SearchRange & {
  /** Keeps at most this many subnets, the newest. @default 100 */
  readonly limit?: number;
};
/** Oldest first. */
export type ListSubnetsReturnType = readonly {
  readonly subnetId: bigint;
  readonly kind: SubnetKind;
  readonly creator: Address;
  readonly isRetired: boolean;
  /** SHA-256 of the description, and its address. */
  readonly metadataHash: Hex;
  readonly uri: string;
}[];

/**
 * Subnets with their descriptions, from events since the deployment.
 *
 * @throws {@link InvalidParameterError} for a malformed limit or block range
 * @example
 * ```ts
 * const open = (await listSubnets(client)).filter(({ isRetired }) => !isRetired);
 * ```
 */
export async function listSubnets(
  client: Client,
  parameters: ListSubnetsParameters = {},
): Promise<ListSubnetsReturnType> {
  const { limit = 100, ...range } = checkCall(client, parameters);
  checkCount("limit", limit, 1);
  const [created, retired] = await Promise.all([
    readLogs(client, "SubnetHub", ["SubnetCreated"], range),
    readLogs(client, "SubnetHub", ["SubnetRetired"], range),
  ]);
  const ended = new Set(retired.map(({ args }) => args.subnetId));
  return created.slice(-limit).map(({ args: { subnetId, kind, creator, metadataHash, uri } }) => ({
    subnetId,
    kind: nameAt(SUBNET_KINDS, kind),
    creator,
    isRetired: ended.has(subnetId),
    metadataHash,
    uri,
  }));
}

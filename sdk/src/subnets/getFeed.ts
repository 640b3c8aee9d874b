import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetFeedParameters = { readonly subnetId: bigint };
export type GetFeedReturnType = {
  /** Its address. It can earn before it is created. */
  readonly feed: Address;
  /** Whether it can pour. `createFeed` creates it. */
  readonly isCreated: boolean;
};

/**
 * The feed of a subnet: its account at the router. `getWithdrawable` tells what it has earned and not poured yet.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @example
 * ```ts
 * const { feed } = await getFeed(client, { subnetId: 1n });
 * const amount = await getWithdrawable(client, { account: feed, token });
 * ```
 */
export async function getFeed(client: Client, parameters: GetFeedParameters): Promise<GetFeedReturnType> {
  const subnetId = checkUint("subnetId", checkCall(client, parameters).subnetId, 32, 1n);
  const feed = await read(client, "SubnetFeedFactory", "feedOf", [subnetId]);
  return { feed, isCreated: (await client.provider.getCode(feed)) !== "0x" };
}

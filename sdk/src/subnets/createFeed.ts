import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type CreateFeedParameters = { readonly subnetId: bigint };
export type CreateFeedReturnType = Sent & {
  /** For `pourFeed`. */
  readonly feed: Address;
};

/**
 * Creates the feed of a subnet: its account at the router, which passes money on to its pots. Anyone may call, once for each
 * subnet.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `FeedExists`
 * @example
 * ```ts
 * const { feed } = await createFeed(client, { subnetId: 1n });
 * ```
 */
export const createFeed = defineWrite({
  contract: "SubnetFeedFactory",
  method: "create",
  args: ({ subnetId }: CreateFeedParameters) => [checkUint("subnetId", subnetId, 32, 1n)],
  result: (events) => ({ feed: one(events("SubnetFeedFactory", "FeedCreated")).feed }),
});

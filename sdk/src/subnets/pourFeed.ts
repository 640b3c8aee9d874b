import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type PourFeedParameters = {
  /** See `getFeed`. */
  readonly feed: AddressInput;
  /** ERC-20 token. */
  readonly token: AddressInput;
};
export type PourFeedReturnType = Sent & {
  /** Base units moved. */
  readonly amount: bigint;
  /** The funded epoch: the current one, or the next one from the score phase on. Undefined for the Commons. */
  readonly epoch: bigint | undefined;
};

/**
 * Adds all money of a subnet's feed to the pot of the current epoch, or of the next one from the score phase on. Anyone may
 * call. If the subnet is retired by then, the Commons gets it.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractNotFoundError} if the feed is not created
 * @throws {@link ContractRevertError} `FeedEmpty`, `SubnetNonexistent`, `TransferAmountMismatch`, and the token's errors
 * @example
 * ```ts
 * const { feed } = await getFeed(client, { subnetId: 1n });
 * const { amount, epoch } = await pourFeed(client, { feed, token });
 * ```
 */
export const pourFeed = defineWrite({
  contract: "SubnetFeed",
  method: "pour",
  target: ({ feed }: PourFeedParameters) => checkAddress("feed", feed),
  args: ({ feed, token }: PourFeedParameters) => {
    checkAddress("feed", feed);
    return [checkAddress("token", token)];
  },
  result: (events, { feed }) => {
    const at = checkAddress("feed", feed);
    const [poured] = events("SubnetFeed", "FeedPoured", at);
    if (poured) return { amount: poured.amount, epoch: poured.epoch as bigint | undefined };
    return { amount: one(events("SubnetFeed", "FeedReturned", at)).amount, epoch: undefined };
  },
});

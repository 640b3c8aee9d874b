import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type DelegateVotesParameters = {
  /** The delegate: votes with the caller's coins from now on. May be the caller. */
  readonly to: AddressInput;
};
export type DelegateVotesReturnType = Sent & {
  /** The new delegate. */
  readonly delegate: Address;
};

/**
 * Delegates the votes of the caller's coins. Undelegated coins have no vote, even their owner's. A proposal counts
 * votes at its snapshot, so delegate before it.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * await delegateVotes(client, { to: account });
 * ```
 */
export const delegateVotes = defineWrite({
  contract: "FoundationCoin",
  method: "delegate",
  args: ({ to }: DelegateVotesParameters) => [checkAddress("to", to)],
  result: (_, { to }) => ({ delegate: checkAddress("to", to) }),
});

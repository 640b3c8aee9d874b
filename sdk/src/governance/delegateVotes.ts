import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type DelegateVotesParameters = {
  /** Who votes with the caller's coins from now on: the caller itself, or somebody it trusts. */
  readonly to: AddressInput;
};
export type DelegateVotesReturnType = Sent & {
  /** Who has the votes. */
  readonly delegate: Address;
};

/**
 * Says who votes with the caller's coins. Coins that are not delegated, to their owner either, don't vote. A proposal
 * counts votes as they were at its snapshot: delegate before.
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

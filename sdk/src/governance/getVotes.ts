import { ZeroAddress } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetVotesParameters = { readonly account: AddressInput };
export type GetVotesReturnType = {
  /** Base units of the coin, 10^8 to a coin. */
  readonly balance: bigint;
  /** The delegate of this balance, or undefined. */
  readonly delegate: Address | undefined;
  /** The account's present votes, its own and others', base units. */
  readonly votes: bigint;
  /** Coins outside of the sale, base units. */
  readonly circulating: bigint;
  /** The votes as a part of the circulating coins, percent with four decimals. */
  readonly percent: number;
};

/**
 * An account's coins, their delegate, and its votes.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * const { votes, delegate } = await getVotes(client, { account });
 * ```
 */
export async function getVotes(client: Client, parameters: GetVotesParameters): Promise<GetVotesReturnType> {
  checkCall(client, parameters);
  const account = checkAddress("account", parameters.account);
  const [balance, delegate, votes, circulating] = await Promise.all([
    read(client, "FoundationCoin", "balanceOf", [account]),
    read(client, "FoundationCoin", "delegates", [account]),
    read(client, "FoundationCoin", "getVotes", [account]),
    read(client, "GridGovernor", "circulatingSupply", []),
  ]);
  const percent = circulating === 0n ? 0 : Number((votes * 1_000_000n) / circulating) / 10_000;
  return {
    balance,
    delegate: delegate === ZeroAddress ? undefined : delegate,
    votes,
    circulating,
    percent,
  };
}

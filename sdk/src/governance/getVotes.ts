import { ZeroAddress } from "ethers";
import type { Client } from "../client.ts";
import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetVotesParameters = { readonly account: AddressInput };
export type GetVotesReturnType = {
  /** Base units of the coin, 10^8 to a coin. */
  readonly balance: bigint;
  /** Who votes with this balance; undefined if nobody does. */
  readonly delegate: Address | undefined;
  /** Votes that the account has now, its own and others', base units. */
  readonly votes: bigint;
  /** Coins in anybody's hands but the sale's, base units. */
  readonly circulating: bigint;
  /** What the votes are of the circulating coins, to a ten thousandth. */
  readonly percent: number;
};

/**
 * What an account has to say now: its coins, who votes with them, and the votes that it has.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * const { votes, delegate } = await getVotes(client, { account });
 * ```
 */
export async function getVotes(client: Client, parameters: GetVotesParameters): Promise<GetVotesReturnType> {
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

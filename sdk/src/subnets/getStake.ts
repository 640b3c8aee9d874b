import { ZeroAddress } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetStakeParameters = { readonly subnetId: bigint; readonly account: AddressInput };
/** Base units of Foundation Coin. */
export type GetStakeReturnType = {
  /** Counts in the current epoch. */
  readonly counted: bigint;
  /** Counts from the next epoch on. */
  readonly added: bigint;
  /** Requested back by `unstake`. */
  readonly unstaking: bigint;
  /** When `withdrawStake` returns them, seconds since 1970. */
  readonly withdrawableAt: bigint | undefined;
  /** Who votes with the account's coins in the hub. Undefined if it never staked. */
  readonly delegatee: Address | undefined;
};

/**
 * An account's stake in a subnet.
 *
 * @throws {@link InvalidParameterError} for a malformed id or address
 * @throws {@link ContractRevertError} `SubnetNonexistent`
 * @example
 * ```ts
 * const { counted, added } = await getStake(client, { subnetId: 1n, account });
 * ```
 */
export async function getStake(client: Client, parameters: GetStakeParameters): Promise<GetStakeReturnType> {
  const { subnetId, account } = checkCall(client, parameters);
  const place = [checkUint("subnetId", subnetId, 32), checkAddress("account", account)] as const;
  const [stake, counted, delegatee] = await Promise.all([
    read(client, "SubnetHub", "stakeOf", place),
    read(client, "SubnetHub", "countedStakeOf", place),
    read(client, "SubnetHub", "delegateeOf", [place[1]]),
    read(client, "SubnetHub", "subnetOf", [place[0]]),
  ]);
  return {
    counted,
    added: stake.counted + stake.added - counted,
    unstaking: stake.unstaking,
    withdrawableAt: stake.unstaking === 0n ? undefined : stake.withdrawableAt,
    delegatee: delegatee === ZeroAddress ? undefined : delegatee,
  };
}

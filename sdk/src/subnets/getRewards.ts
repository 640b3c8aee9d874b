import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkNotEmpty, checkUint } from "../core/check.ts";
import { inParts } from "../core/lists.ts";
import type { SearchRange } from "../core/logs.ts";
import { read } from "../core/read.ts";
import { clockOf } from "./clock.ts";
import { getEpochRecord } from "./getEpochRecord.ts";
import { potTokens } from "./potTokens.ts";
import { type Reward, rewardsFor, wholeOf } from "./rewards.ts";

export type GetRewardsParameters = SearchRange & {
  readonly subnetId: bigint;
  readonly account: AddressInput;
  /**
   * ERC-20 tokens. Anyone can add tokens to pots: pass some to limit the reads.
   *
   * @default Foundation Coin, and all tokens that sponsors paid into the subnet
   */
  readonly tokens?: readonly AddressInput[];
  /** First and last epoch. @default the last 53 epochs */
  readonly fromEpoch?: bigint;
  readonly toEpoch?: bigint;
};
/** Oldest first, claimed ones included. */
export type GetRewardsReturnType = readonly Reward[];

/**
 * An account's rewards in a subnet.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link ContractRevertError} `SubnetNonexistent`
 * @example
 * ```ts
 * const rewards = await getRewards(client, { subnetId: 1n, account });
 * const unclaimed = rewards.filter(({ isClaimed, amount }) => !isClaimed && amount > 0n);
 * ```
 */
export async function getRewards(
  client: Client,
  parameters: GetRewardsParameters,
): Promise<GetRewardsReturnType> {
  const { subnetId, account, tokens, fromEpoch, toEpoch, ...range } = checkCall(client, parameters);
  const id = checkUint("subnetId", subnetId, 32);
  const who = checkAddress("account", account);
  const wanted =
    tokens && checkNotEmpty("tokens", tokens).map((token, i) => checkAddress(`tokens[${i}]`, token));
  const { epoch: current } = await clockOf(client, id);
  const last = checkUint("toEpoch", toEpoch ?? current, 32);
  const first = checkUint("fromEpoch", fromEpoch ?? (last > MOST ? last - MOST : 1n), 32);
  const epochs = Array.from(
    { length: last < first ? 0 : Number(last - first) + 1 },
    (_, i) => first + BigInt(i),
  );
  const found = wanted ?? (await potTokens(client, id, range));
  const rewards = await inParts(epochs, async (epoch) => {
    const { paid } = await read(client, "SubnetHub", "recordOf", [id, epoch]);
    if (!paid) return [];
    const { shares } = await getEpochRecord(client, { subnetId: id, epoch });
    const own = shares.filter((share) => share.account === who);
    const query = { subnetId: id, epoch, shares: own, whole: wholeOf(shares), tokens: found };
    return await rewardsFor(client, query);
  });
  return rewards.flat();
}

/** Sponsors pay for so many epochs ahead at most. */
const MOST = 52n;

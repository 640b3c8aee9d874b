import type { Client } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { inParts } from "../core/lists.ts";
import { read } from "../core/read.ts";
import type { RecordedShare } from "./records.ts";

/** A part of a pot. */
export type Reward = RecordedShare & {
  readonly epoch: bigint;
  readonly token: Address;
  /** Base units of the whole pot, and of this part. */
  readonly pot: bigint;
  readonly amount: bigint;
  readonly isClaimed: boolean;
};

/** Some shares of an epoch, the sum of all, and tokens of its pots. */
export type RewardQuery = {
  readonly subnetId: bigint;
  readonly epoch: bigint;
  readonly shares: readonly RecordedShare[];
  readonly whole: bigint;
  readonly tokens: readonly Address[];
};

/** The sum of all shares of a record. */
export const wholeOf = (shares: readonly { readonly share: bigint }[]) =>
  shares.reduce((sum, { share }) => sum + share, 0n);

/** What shares of an epoch are worth, per token: pot * share / whole, rounded down. Empty pots are left out. */
export async function rewardsFor(
  client: Client,
  { subnetId, epoch, shares, whole, tokens }: RewardQuery,
): Promise<Reward[]> {
  const paid = shares.filter(({ share }) => share > 0n);
  if (paid.length === 0) return [];
  const rewards = await inParts(tokens, async (token) => {
    const { total: pot } = await read(client, "SubnetHub", "potOf", [subnetId, token, epoch]);
    if (pot === 0n) return [];
    return await Promise.all(
      paid.map(async (one) => ({
        ...one,
        epoch,
        token,
        pot,
        amount: (pot * one.share) / whole,
        isClaimed: await read(client, "SubnetHub", "isClaimed", [subnetId, token, epoch, one.index]),
      })),
    );
  });
  return rewards.flat();
}

import type { Client } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { inParts } from "../core/lists.ts";
import { read } from "../core/read.ts";
import type { RecordedShare } from "./records.ts";
import { YUMA_ONE } from "./yuma/fixed.ts";

/** A part of a pot. */
export type Reward = RecordedShare & {
  readonly epoch: bigint;
  readonly token: Address;
  /** Base units of the whole pot, and of this part. */
  readonly pot: bigint;
  readonly amount: bigint;
  readonly isClaimed: boolean;
};

/** Base units of a share of a pot, rounded down. */
export const partOf = (pot: bigint, share: bigint) => (pot * share) / YUMA_ONE;

/** What shares of an epoch are worth, per token. Empty pots are left out. */
export async function rewardsFor(
  client: Client,
  subnetId: bigint,
  epoch: bigint,
  shares: readonly RecordedShare[],
  tokens: readonly Address[],
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
        amount: partOf(pot, one.share),
        isClaimed: await read(client, "SubnetHub", "isClaimed", [subnetId, token, epoch, one.index]),
      })),
    );
  });
  return rewards.flat();
}

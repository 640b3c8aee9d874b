import { toBeHex } from "ethers";
import type { Client } from "../client.ts";
import type { EventArgs } from "../core/abi.ts";
import { type Logged, readLogs, type SearchRange } from "../core/logs.ts";
import { NotFoundError } from "../errors.ts";

/** An id as the topic of an indexed parameter. */
export const topicOf = (id: bigint) => toBeHex(id, 32);

/** Events of an epoch. */
export async function epochLogs<E extends "EpochRun" | "WeightsRevealed" | "ShareClaimed">(
  client: Client,
  event: E,
  subnetId: bigint,
  epoch: bigint,
  range: SearchRange,
): Promise<Logged<"SubnetHub", E>[]> {
  return await readLogs(client, "SubnetHub", [event], {
    ...range,
    indexed: [topicOf(subnetId), topicOf(epoch)],
  });
}

export type EpochRun = EventArgs<"SubnetHub", "EpochRun">;

/**
 * The inputs and results of an epoch.
 *
 * @throws {@link NotFoundError} if it was not run
 */
export async function epochRun(
  client: Client,
  subnetId: bigint,
  epoch: bigint,
  range: SearchRange,
): Promise<EpochRun> {
  const [run] = await epochLogs(client, "EpochRun", subnetId, epoch, range);
  if (run) return run.args;
  const advice = "Nobody revealed weights in it, or it waits for `runEpoch`";
  throw new NotFoundError(`run of subnet ${subnetId} in epoch`, epoch, advice);
}

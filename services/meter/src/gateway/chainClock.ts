import type { Client } from "@benefit-grid/sdk";

/**
 * The chain's time. The computer's clock can jump, so it only measures the time since the last block was seen.
 */
export type ChainClock = {
  /** Seconds since 1970. */
  readonly now: () => bigint;
  /** Milliseconds since the last block was read. */
  readonly age: () => number;
  /** Reads the newest block. Returns its number. */
  readonly update: () => Promise<number>;
};

export async function createChainClock({ provider }: Client): Promise<ChainClock> {
  let time = 0;
  /** When the newest block was first seen. */
  let seenAt = 0;
  let readAt = 0;

  async function update() {
    const block = await provider.getBlock("latest");
    if (!block) throw new Error("The node has no block yet. Wait until it has synced, or use another node.");
    readAt = performance.now();
    // A node may be behind another one behind the same address.
    if (block.timestamp > time) {
      time = block.timestamp;
      seenAt = readAt;
    }
    return block.number;
  }

  await update();
  const sinceSeen = () => Math.floor((performance.now() - seenAt) / 1_000);
  return { now: () => BigInt(time + sinceSeen()), age: () => performance.now() - readAt, update };
}

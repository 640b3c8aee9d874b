import type { Client } from "@benefit-grid/sdk";

/** Blocks that are read again: a node may have been behind, or a block replaced. */
const OVERLAP = 12;
/** Most blocks in one request. */
const RANGE = 1_000;

type Log = Awaited<ReturnType<Client["provider"]["getLogs"]>>[number];

export type LogFilter = { readonly address: string; readonly topics?: (string | string[])[] };

/**
 * Reads logs since the last complete reading, and some blocks before it. A reading that the caller leaves early, also by
 * an error, is repeated the next time.
 *
 * @param lookBack blocks before the newest that the first reading includes
 */
export function createLogReader({ provider, blockNumber }: Client, filter: LogFilter, lookBack: number) {
  let next: number | undefined;

  return async function* readTo(newest: number): AsyncGenerator<Log> {
    const first = next === undefined ? newest + 1 - lookBack : next - OVERLAP;
    for (let fromBlock = Math.max(blockNumber, first); fromBlock <= newest; fromBlock += RANGE) {
      const toBlock = Math.min(fromBlock + RANGE - 1, newest);
      yield* await provider.getLogs({ ...filter, fromBlock, toBlock });
    }
    next = newest + 1;
  };
}

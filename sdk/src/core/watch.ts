import type { Client } from "../client.ts";
import { InvalidParameterError } from "../errors.ts";
import type { ContractName, EventName } from "./abi.ts";
import { checkCount } from "./check.ts";
import { explained } from "./failure.ts";
import { type BlockRange, type Indexed, type Logged, scanLogs } from "./logs.ts";

export type WatchParameters<Event> = BlockRange & {
  /**
   * Receives new events in order, and events of abandoned blocks with `removed`. The next search waits for it.
   * `nextBlock` continues a later watch as `fromBlock`.
   */
  readonly onEvents: (events: readonly Event[], progress: { readonly nextBlock: number }) => unknown;
  /** Receives errors of node and `onEvents`. The watch goes on. @default ignores them */
  readonly onError?: (error: Error) => void;
  /** First block to report. @default the block after the newest */
  readonly fromBlock?: number;
  /** Milliseconds between searches. @default 4_000 */
  readonly pollingInterval?: number;
  /** Blocks after an event's block before it is reported. With 0, at once. @default 0 */
  readonly confirmations?: number;
};

/** An event and its place. It is removed if a reorganisation abandoned its block. */
export type Watched<C extends ContractName, E extends EventName<C>> = Logged<C, E> & {
  readonly removed: boolean;
};

/** Ends a watch. Nothing is reported after it. */
export type Unwatch = () => void;

/** A reorganisation of more blocks goes unnoticed. */
const DEPTH = 128;

/**
 * Reports a contract's events by repeated searches, each event once. Every search reads the newest 128 blocks again, so
 * that it notices what a reorganisation removed or added there, and what a lagging node left out.
 */
export function watchLogs<C extends ContractName, E extends EventName<C>>(
  client: Client,
  contract: C,
  names: readonly E[],
  { indexed, ...parameters }: WatchParameters<Watched<C, E>> & { readonly indexed?: Indexed },
): Unwatch {
  const { onEvents, onError, interval, confirmations, fromBlock, blockRange } = checked(parameters);
  const range = { ...(blockRange !== undefined && { blockRange }), ...(indexed && { indexed }) };
  const reported = new Map<string, Logged<C, E>>();
  let [first, next] = [fromBlock, fromBlock];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  async function poll(): Promise<void> {
    const newest = (await explained(client.provider.getBlockNumber())) - confirmations;
    if (first === undefined || next === undefined) {
      [first, next] = [newest + 1, newest + 1];
      return;
    }
    const from = Math.max(first, next - DEPTH);
    if (newest < from) return;
    let begin = from;
    for await (const page of scanLogs(client, contract, names, {
      ...range,
      fromBlock: from,
      toBlock: newest,
    })) {
      const removed = await abandoned(begin, page.nextBlock, page.events);
      const added = page.events.filter((event) => !reported.has(keyOf(event)));
      begin = page.nextBlock;
      next = Math.max(next, page.nextBlock);
      for (const event of removed) reported.delete(keyOf(event));
      for (const event of added) reported.set(keyOf(event), event);
      for (const [key, { blockNumber }] of reported) if (blockNumber < next - DEPTH) reported.delete(key);
      await report(removed, added, next);
      if (isOver) return;
    }
  }

  /** Reported events of these blocks whose block is no longer in the chain. A lagging node may merely lack them. */
  async function abandoned(
    begin: number,
    end: number,
    found: readonly Logged<C, E>[],
  ): Promise<Logged<C, E>[]> {
    const keys = new Set(found.map(keyOf));
    const missing = [...reported.values()].filter(
      (event) => event.blockNumber >= begin && event.blockNumber < end && !keys.has(keyOf(event)),
    );
    const hashes = new Map<number, string | null | undefined>();
    for (const { blockNumber } of missing) {
      if (hashes.has(blockNumber)) continue;
      hashes.set(blockNumber, (await explained(client.provider.getBlock(blockNumber)))?.hash);
    }
    return missing.filter(
      ({ blockNumber, blockHash }) => (hashes.get(blockNumber) ?? blockHash) !== blockHash,
    );
  }

  async function report(removed: readonly Logged<C, E>[], added: readonly Logged<C, E>[], nextBlock: number) {
    if (isOver || removed.length + added.length === 0) return;
    const events = [
      ...removed.map((event) => ({ ...event, removed: true })),
      ...added.map((event) => ({ ...event, removed: false })),
    ];
    try {
      await onEvents(events, { nextBlock });
    } catch (error) {
      fail(error);
    }
  }

  function fail(error: unknown): void {
    if (!isOver) onError?.(error instanceof Error ? error : new Error(String(error)));
  }

  async function run(): Promise<void> {
    try {
      await poll();
    } catch (error) {
      fail(error);
      // The client was told to stop.
      if (error instanceof Error && error.name === "AbortedError") isOver = true;
    }
    if (!isOver) timer = setTimeout(run, interval);
  }

  void run();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

function checked<Event>(parameters: WatchParameters<Event>) {
  const { onEvents, onError, fromBlock, blockRange, pollingInterval, confirmations } = parameters;
  if (typeof onEvents !== "function") {
    throw new InvalidParameterError(
      "onEvents",
      "is not a function",
      "Pass a function that receives the events",
    );
  }
  if (fromBlock !== undefined) checkCount("fromBlock", fromBlock, 0);
  if (blockRange !== undefined) checkCount("blockRange", blockRange, 1);
  const interval = checkCount("pollingInterval", pollingInterval ?? 4_000, 1);
  const depth = checkCount("confirmations", confirmations ?? 0, 0);
  return { onEvents, onError, fromBlock, blockRange, interval, confirmations: depth };
}

/** The same transaction in another block is another event. */
function keyOf({ blockHash, hash, index }: { blockHash: string; hash: string; index: number }): string {
  return `${blockHash} ${hash} ${index}`;
}

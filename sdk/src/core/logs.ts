import { type Provider, zeroPadValue } from "ethers";
import { addressOf, type Client } from "../client.ts";
import { LogScanError } from "../errors.ts";
import {
  type Address,
  type ContractName,
  type EventArgs,
  type EventName,
  type Hex,
  interfaceOf,
} from "./abi.ts";
import { checkCount } from "./check.ts";
import { parseEvent } from "./events.ts";
import { failureOf } from "./failure.ts";
import { layersOf } from "./layers.ts";

/** For actions that read events. */
export type BlockRange = {
  /** Most blocks per request to the node. Requests adapt to the node's own limit. @default 100_000 */
  readonly blockRange?: number;
};

/** For actions whose result may be read in parts. Both blocks are included. */
export type SearchRange = BlockRange & {
  /** @default the deployment's block */
  readonly fromBlock?: number;
  /** @default the newest block */
  readonly toBlock?: number;
};

/** An event and its place. */
export type Logged<C extends ContractName, E extends EventName<C>> = {
  [N in E]: {
    readonly name: N;
    readonly args: EventArgs<C, N>;
    readonly blockNumber: number;
    readonly blockHash: Hex;
    /** Transaction hash. */
    readonly hash: Hex;
    /** Place in the block. */
    readonly index: number;
  };
}[E];

/** A past event and its block. */
export type Past<C extends ContractName, E extends EventName<C>> = EventArgs<C, E> & {
  readonly blockNumber: number;
};

/** The number would not do: ethers may report one from a moment ago. */
const NEWEST = "latest";

/** Indexed parameters as topics. A list matches each of its values, null any value. */
export type Indexed = readonly (string | string[] | null)[];

type Range = SearchRange & { readonly indexed?: Indexed };

export type ScanEventsParameters<C extends ContractName, E extends EventName<C>> = SearchRange & {
  readonly contract: C;
  /** Names of its events. */
  readonly events: readonly E[];
};
export type EventPage<C extends ContractName, E extends EventName<C>> = {
  readonly events: readonly Logged<C, E>[];
  /** Continues here: pass it as `fromBlock`. */
  readonly nextBlock: number;
};

/**
 * Reads a contract's events in order, page by page. Pages are as large as the node allows.
 *
 * @throws {@link InvalidParameterError} for a malformed range of blocks
 * @throws {@link LogScanError} when the node fails, with the block to continue from
 * @example
 * ```ts
 * const search = { contract: "UsageLedger", events: ["OpenSettled"], fromBlock: 1_000 } as const;
 * for await (const { events, nextBlock } of scanEvents(client, search)) console.log(events.length, nextBlock);
 * ```
 */
export async function* scanEvents<C extends ContractName, E extends EventName<C>>(
  client: Client,
  { contract, events: names, ...range }: ScanEventsParameters<C, E>,
): AsyncGenerator<EventPage<C, E>> {
  yield* scanLogs(client, contract, names, range);
}

/** The same, by indexed parameters as well. */
export async function* scanLogs<C extends ContractName, E extends EventName<C>>(
  client: Client,
  contract: C,
  names: readonly E[],
  { indexed, ...range }: Range,
): AsyncGenerator<EventPage<C, E>> {
  const { first, last, cap, isOpen } = await boundsOf(client, range);
  for (let from = first; from <= last; ) {
    const { logs, size } = await readPage(client.provider, Math.min(cap, last - from + 1), from, (blocks) => {
      const to = from + blocks - 1;
      return logsBetween(client, contract, names, from, isOpen && to === last ? NEWEST : to, indexed);
    });
    from += size;
    yield { events: logs, nextBlock: from };
  }
}

/** A contract's events of these names, in order. */
export async function readLogs<C extends ContractName, E extends EventName<C>>(
  client: Client,
  contract: C,
  names: readonly E[],
  range: Range,
): Promise<Logged<C, E>[]> {
  const found: Logged<C, E>[] = [];
  for await (const { events } of scanLogs(client, contract, names, range)) found.push(...events);
  return found;
}

/** A contract's events of this name, newest first. The caller may stop early. */
export async function* pastEvents<C extends ContractName, E extends EventName<C>>(
  client: Client,
  contract: C,
  event: E,
  range: SearchRange,
): AsyncGenerator<Past<C, E>> {
  const { first, last, cap, isOpen } = await boundsOf(client, range);
  for (let to = last; to >= first; ) {
    const { logs, size } = await readPage(client.provider, Math.min(cap, to - first + 1), to, (blocks) => {
      const end = isOpen && to === last ? NEWEST : to;
      return logsBetween(client, contract, [event], to - blocks + 1, end);
    });
    to -= size;
    for (const { args, blockNumber } of logs.reverse()) yield { ...args, blockNumber } as Past<C, E>;
  }
}

/** The checked blocks of a search. It is open if it ends at the newest block. */
async function boundsOf(client: Client, { blockRange, fromBlock, toBlock }: SearchRange) {
  const cap = checkCount("blockRange", blockRange ?? FIRST_SIZE, 1);
  const first = Math.max(checkCount("fromBlock", fromBlock ?? 0, 0), client.blockNumber);
  if (toBlock !== undefined) checkCount("toBlock", toBlock, 0);
  const last = toBlock ?? (await explainedAt(first, client.provider.getBlockNumber()));
  return { first, last, cap, isOpen: toBlock === undefined };
}

const FIRST_SIZE = 100_000;

/** Blocks per request that a node allows, as far as known. */
type Pace = {
  size: number;
  /** Requests of this size in a row. */
  successes: number;
  /** Successes before a larger size is tried. */
  patience: number;
};

/** Kept from one search to the next. */
const paces = new WeakMap<Provider, Pace>();

function paceOf(provider: Provider): Pace {
  const known = paces.get(provider);
  if (known) return known;
  const pace = { size: FIRST_SIZE, successes: 0, patience: 1 };
  paces.set(provider, pace);
  return pace;
}

/** The logs of as many blocks as the node allows, at most `limit`. */
async function readPage<T>(
  provider: Provider,
  limit: number,
  nextBlock: number,
  fetch: (blocks: number) => Promise<T[]>,
): Promise<{ logs: T[]; size: number }> {
  const pace = paceOf(provider);
  for (;;) {
    const size = Math.min(pace.size, limit);
    try {
      const logs = await fetch(size);
      if (size === pace.size) grow(pace);
      return { logs, size };
    } catch (error) {
      if (size === 1 || !isTooMuch(error)) throw scanError(nextBlock, error);
      shrink(pace, size);
    }
  }
}

/** Each refusal doubles the wait for the next attempt, so that a fixed limit costs few refused requests. */
function shrink(pace: Pace, refused: number): void {
  pace.size = Math.floor(refused / 2);
  pace.successes = 0;
  pace.patience = Math.min(pace.patience * 2, 64);
}

function grow(pace: Pace): void {
  pace.successes += 1;
  if (pace.successes < pace.patience || pace.size >= FIRST_SIZE) return;
  pace.size = Math.min(pace.size * 2, FIRST_SIZE);
  pace.successes = 0;
  pace.patience = Math.max(pace.patience / 2, 1);
}

async function explainedAt<T>(block: number, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw scanError(block, error);
  }
}

/** The caller's own cancellation stays what it is. */
function scanError(nextBlock: number, error: unknown): unknown {
  const cause = failureOf(error, {}) ?? error;
  const isCanceled = cause instanceof Error && ["AbortedError", "TimeoutError"].includes(cause.name);
  return isCanceled ? cause : new LogScanError(nextBlock, cause);
}

/** How nodes and services refuse too many blocks or results. The test has each one's words. */
const TOO_MUCH = [
  /block range (?:is )?(?:too |larger|bigger|greater|exceeds|limit exceeded)/i,
  /exceeds? (?:the )?max(?:imum)? (?:block range|results)/i,
  /up to an? [\d,.]+k? block range|block range should work/i,
  /response size (?:exceeded|should not)|response too large/i,
  /more than [\d,]+ results|too many (?:blocks|logs|results)|logs matched by query exceeds/i,
  /range [\d,]+ (?:exceeds|is bigger than)|exceeds the range allowed|range is too large/i,
  /limited to (?:an? |0 - )?[\d,.]+ (?:blocks?|range)|at most [\d,.]+ blocks|ranges over [\d,]+ blocks/i,
  /max range: \d|number of requested blocks is|blocks distance: \d|smaller than size \d/i,
  /query timeout exceeded/i,
];

function isTooMuch(error: unknown): boolean {
  for (const { message, responseBody, payload, details } of layersOf(error)) {
    const words = [message, responseBody, payload, details]
      .filter((text) => typeof text === "string")
      .join("\n");
    if (TOO_MUCH.some((pattern) => pattern.test(words))) return true;
  }
  return false;
}

/** A contract's events of these names in a range of blocks, in order. */
export async function logsBetween<C extends ContractName, E extends EventName<C>>(
  client: Client,
  contract: C,
  names: readonly E[],
  fromBlock: number,
  toBlock: number | typeof NEWEST,
  indexed: Indexed = [],
): Promise<Logged<C, E>[]> {
  const abi = interfaceOf(contract);
  const address = addressOf(client, contract);
  const topics = [names.map((name) => abi.getEvent(name)?.topicHash ?? ""), ...indexed];
  const logs = await client.provider.getLogs({ address, topics, fromBlock, toBlock });
  return logs.map((log) => {
    const { blockNumber, blockHash, transactionHash: hash, index } = log;
    return { ...parseEvent(contract, log), blockNumber, blockHash, hash, index } as unknown as Logged<C, E>;
  });
}

/** An address as the topic of an indexed parameter. */
export function addressTopic(address: Address): string {
  return zeroPadValue(address, 32);
}

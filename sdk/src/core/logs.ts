import { zeroPadValue } from "ethers";
import { addressOf, type Client } from "../client.ts";
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

/** For actions that read events. */
export type BlockRange = {
  /** Blocks per request to the node. @default 10_000 */
  readonly blockRange?: number;
};

/** An event and its place. */
export type Logged<C extends ContractName, E extends EventName<C>> = {
  [N in E]: {
    readonly name: N;
    readonly args: EventArgs<C, N>;
    readonly blockNumber: number;
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
type Indexed = readonly (string | string[] | null)[];

type Range = BlockRange & {
  /** Last block to read. @default the newest */
  readonly toBlock?: number;
  readonly indexed?: Indexed;
};

/** A contract's events of these names since the deployment, in order. */
export async function readLogs<C extends ContractName, E extends EventName<C>>(
  client: Client,
  contract: C,
  names: readonly E[],
  { blockRange, toBlock, indexed }: Range,
): Promise<Logged<C, E>[]> {
  const size = checkCount("blockRange", blockRange ?? 10_000, 1);
  const last = toBlock ?? (await client.provider.getBlockNumber());
  const found: Logged<C, E>[] = [];
  for (let from = client.blockNumber; from <= last; from += size) {
    const to = Math.min(from + size - 1, last);
    const end = to === last ? (toBlock ?? NEWEST) : to;
    found.push(...(await logsBetween(client, contract, names, from, end, indexed)));
  }
  return found;
}

/** A contract's events of this name since the deployment, newest first. The caller may stop early. */
export async function* pastEvents<C extends ContractName, E extends EventName<C>>(
  client: Client,
  contract: C,
  event: E,
  { blockRange }: BlockRange,
): AsyncGenerator<Past<C, E>> {
  const size = checkCount("blockRange", blockRange ?? 10_000, 1);
  const newest = await client.provider.getBlockNumber();
  for (let to = newest; to >= client.blockNumber; to -= size) {
    const from = Math.max(to - size + 1, client.blockNumber);
    const logs = await logsBetween(client, contract, [event], from, to === newest ? NEWEST : to);
    for (const { args, blockNumber } of logs.reverse()) yield { ...args, blockNumber } as Past<C, E>;
  }
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
    const { blockNumber, transactionHash: hash, index } = log;
    return { ...parseEvent(contract, log), blockNumber, hash, index } as unknown as Logged<C, E>;
  });
}

/** An address as the topic of an indexed parameter. */
export function addressTopic(address: Address): string {
  return zeroPadValue(address, 32);
}

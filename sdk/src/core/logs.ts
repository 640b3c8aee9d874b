import type { Log, TopicFilter } from "ethers";
import { addressOf, type Client } from "../client.ts";
import { type ContractName, type EventArgs, type EventName, interfaceOf, named } from "./abi.ts";
import { checkCount } from "./check.ts";

/** How a search through past events asks a node. */
export type Search = {
  /** How many blocks to ask a node for at once; 10,000 unless given. */
  readonly blockRange?: number;
};

/** An event of the past, and the block that has it. */
export type Past<C extends ContractName, E extends EventName<C>> = EventArgs<C, E> & {
  readonly blockNumber: number;
};

/** A contract's events with this name since the deployment, the newest first, in bounded ranges of blocks. */
export async function* pastEvents<C extends ContractName, E extends EventName<C>>(
  client: Client,
  contract: C,
  event: E,
  { blockRange = 10_000 }: Search,
): AsyncGenerator<Past<C, E>> {
  checkCount("blockRange", blockRange, 1);
  const newest = await client.provider.getBlockNumber();
  for (let to = newest; to >= client.blockNumber; to -= blockRange) {
    const from = Math.max(to - blockRange + 1, client.blockNumber);
    // ethers may know a block number that is a moment old, on a local chain from before the event.
    const last = to === newest ? "latest" : to;
    yield* (await eventsBetween(client, contract, event, from, last)).reverse();
  }
}

/** A contract's events with this name in a range of blocks, in order; `topics` are what it is indexed by. */
export async function eventsBetween<C extends ContractName, E extends EventName<C>>(
  client: Client,
  contract: C,
  event: E,
  fromBlock: number,
  toBlock: number | "latest",
  topics: TopicFilter = [],
): Promise<Past<C, E>[]> {
  const address = addressOf(client, contract);
  const topic = interfaceOf(contract).getEvent(event)?.topicHash ?? "";
  const logs = await client.provider.getLogs({ address, topics: [topic, ...topics], fromBlock, toBlock });
  return logs.map((log) => parse(contract, log) as Past<C, E>);
}

function parse(contract: ContractName, log: Log): object {
  const parsed = interfaceOf(contract).parseLog(log);
  return { ...named(parsed?.fragment.inputs ?? [], parsed?.args ?? []), blockNumber: log.blockNumber };
}

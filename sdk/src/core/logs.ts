import { zeroPadValue } from "ethers";
import { addressOf, type Client } from "../client.ts";
import {
  type Address,
  type ContractName,
  type EventArgs,
  type EventName,
  type Hex,
  interfaceOf,
  named,
} from "./abi.ts";
import { checkCount } from "./check.ts";

/** How actions that read events bound what they ask a node for. */
export type BlockRange = {
  /** How many blocks to ask a node for at once; 10,000 unless given. */
  readonly blockRange?: number;
};

/** An event and where it is. */
export type Logged<C extends ContractName, E extends EventName<C>> = {
  [N in E]: {
    readonly name: N;
    readonly args: EventArgs<C, N>;
    readonly blockNumber: number;
    /** Of the transaction. */
    readonly hash: Hex;
    /** Place in the block. */
    readonly index: number;
  };
}[E];

type Range = BlockRange & {
  /** Last block to read; the newest unless given. */
  readonly toBlock?: number;
  /** Values of the indexed parameters, as topics; null for any. */
  readonly indexed?: readonly (string | null)[];
};

/** A contract's events with these names since the deployment, in order. */
export async function readLogs<C extends ContractName, E extends EventName<C>>(
  client: Client,
  contract: C,
  names: readonly E[],
  { blockRange, toBlock, indexed = [] }: Range,
): Promise<Logged<C, E>[]> {
  const size = checkCount("blockRange", blockRange ?? 10_000, 1);
  const last = toBlock ?? (await client.provider.getBlockNumber());
  const abi = interfaceOf(contract);
  const topics = [names.map((name) => abi.getEvent(name)?.topicHash ?? ""), ...indexed];
  const found: Logged<C, E>[] = [];
  for (let fromBlock = client.blockNumber; fromBlock <= last; fromBlock += size) {
    const range = { fromBlock, toBlock: Math.min(fromBlock + size - 1, last) };
    const logs = await client.provider.getLogs({ address: addressOf(client, contract), topics, ...range });
    for (const log of logs) {
      const event = abi.parseLog(log);
      const { blockNumber, transactionHash: hash, index } = log;
      const args = named(event?.fragment.inputs ?? [], event?.args ?? []);
      found.push({ name: event?.name, args, blockNumber, hash, index } as unknown as Logged<C, E>);
    }
  }
  return found;
}

/** An address as the topic of an indexed parameter. */
export function addressTopic(address: Address): string {
  return zeroPadValue(address, 32);
}

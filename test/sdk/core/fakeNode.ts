import { abis, type Client } from "@benefit-grid/sdk";
import {
  BrowserProvider,
  Interface,
  type JsonRpcApiProvider,
  toBeHex,
  toQuantity,
  zeroPadValue,
} from "ethers";
import { loadAbis } from "../../../sdk/dist/core/abi.js";

// `createClient` does it, but these clients are made without it.
await loadAbis();

export const ROUTER = `0x${"a1".repeat(20)}` as const;
export const LEDGER = `0x${"a2".repeat(20)}` as const;
const router = new Interface(abis.SettlementRouter);

/** A JSON-RPC log. */
export type NodeLog = ReturnType<typeof paidLog>;
export type Filter = { fromBlock: number; toBlock: number; topics: (string | string[] | null)[] };

/** A `Paid` event. Its amount identifies it. */
export function paidLog(block: number, amount: bigint, { fork = 0, index = 0, capsuleId = 1n } = {}) {
  const { data, topics } = router.encodeEventLog("Paid", [capsuleId, ROUTER, ROUTER, 1n, amount]);
  return {
    address: ROUTER,
    topics,
    data,
    blockNumber: toQuantity(block),
    blockHash: blockHash(block, fork),
    transactionHash: toBeHex(amount + 1n, 32),
    transactionIndex: toQuantity(index),
    logIndex: toQuantity(index),
    removed: false,
  };
}

export function blockHash(block: number, fork = 0): string {
  return zeroPadValue(toBeHex((BigInt(fork + 1) << 64n) + BigInt(block)), 32);
}

/** A node's answers. `refuse` may throw an error of JSON-RPC. */
export class FakeNode {
  head: number;
  logs: NodeLog[] = [];
  /** The chain's fork by block. */
  forkAt: (block: number) => number = () => 0;
  refuse: (filter: Filter, found: readonly NodeLog[]) => void = () => {};
  isDown = false;
  readonly requests: Filter[] = [];

  constructor(head: number) {
    this.head = head;
  }

  async request({ method, params = [] }: { method: string; params?: unknown }): Promise<unknown> {
    if (this.isDown) throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const [first] = params as [Record<string, unknown>];
    if (method === "eth_chainId") return "0x7a69";
    if (method === "eth_blockNumber") return toQuantity(this.head);
    if (method === "eth_getBlockByNumber") return this.#block(Number(first));
    if (method === "eth_getLogs") return this.#find(first as never);
    throw new Error(`The fake node does not know ${method}.`);
  }

  #block(number: number) {
    if (number > this.head) return null;
    const zero = toBeHex(0, 32);
    const [hash, parentHash] = [blockHash(number, this.forkAt(number)), zero];
    const numbers = { number: toQuantity(number), timestamp: "0x1", gasLimit: "0x1", gasUsed: "0x0" };
    return {
      hash,
      parentHash,
      ...numbers,
      miner: ROUTER,
      extraData: "0x",
      difficulty: "0x0",
      transactions: [],
    };
  }

  #find(raw: { fromBlock: string; toBlock: string; topics: Filter["topics"] }): NodeLog[] {
    const toBlock = raw.toBlock === "latest" ? this.head : Number(raw.toBlock);
    const filter = { fromBlock: Number(raw.fromBlock), toBlock, topics: raw.topics };
    this.requests.push(filter);
    const found = this.logs.filter((log) => {
      const block = Number(log.blockNumber);
      if (block < filter.fromBlock || block > Math.min(toBlock, this.head)) return false;
      return filter.topics.every(
        (topic, i) => topic === null || [topic].flat().includes(log.topics[i] as string),
      );
    });
    this.refuse(filter, found);
    return found;
  }
}

/** A client of this node, without contracts. */
export function clientOf(node: FakeNode, blockNumber = 0): Client {
  return clientBy(new BrowserProvider(node, undefined, { cacheTimeout: -1 }), blockNumber);
}

export function clientBy(provider: JsonRpcApiProvider, blockNumber = 0): Client {
  const addresses = { SettlementRouter: ROUTER, UsageLedger: LEDGER };
  return { addresses, blockNumber, chainId: 31_337n, provider, runner: provider } as unknown as Client;
}

/** A client whose provider asks the node at once, for thousands of searches. */
export function quickClientOf(node: FakeNode): Client {
  const ask = (method: string, ...params: unknown[]) => node.request({ method, params });
  const provider = {
    getBlockNumber: async () => Number(await ask("eth_blockNumber")),
    getBlock: (block: number) => ask("eth_getBlockByNumber", block),
    getLogs: async (filter: object) => {
      const logs = (await ask("eth_getLogs", filter)) as NodeLog[];
      return logs.map((log) => ({
        ...log,
        blockNumber: Number(log.blockNumber),
        index: Number(log.logIndex),
      }));
    },
  };
  return clientBy(provider as unknown as JsonRpcApiProvider);
}

export function rpcError(code: number, message: string, data?: unknown): Error {
  return Object.assign(new Error(message), { code, ...(data !== undefined && { data }) });
}

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { LogScanError, NodeUnreachableError, scanEvents } from "@benefit-grid/sdk";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { expectInvalid, rejectionOf } from "../clients.ts";
import { clientBy, clientOf, FakeNode, type Filter, paidLog, rpcError } from "./fakeNode.ts";

const HEAD = 300_000;
const PAID = { contract: "SettlementRouter", events: ["Paid"] } as const;

/** A chain with dense and empty stretches. */
function chain(head = HEAD): FakeNode {
  const node = new FakeNode(head);
  const blocks = [0, 1, 2, head - 1, head];
  for (let i = 0; i < 60; i++) blocks.push(Math.floor(head / 2) + i, Math.floor((head * i) / 63));
  blocks.sort((a, b) => a - b);
  node.logs = blocks.map((block, i) => paidLog(block, BigInt(i)));
  return node;
}

async function amounts(search: AsyncIterable<{ events: readonly { args: { amount: bigint } }[] }>) {
  const found: bigint[] = [];
  for await (const { events } of search) found.push(...events.map(({ args }) => args.amount));
  return found;
}

const span = ({ fromBlock, toBlock }: Filter) => toBlock - fromBlock + 1;
type Refusal = { at: number; code: number; message: (limit: number) => string; data?: unknown };

/** Limits of blocks, in each node's own words. */
const BLOCKS: Record<string, Refusal> = {
  // github.com/BobTheBuidler/dank_mids/issues/772
  Alchemy: {
    at: 500,
    code: -32600,
    message: (n) =>
      `You can make eth_getLogs requests with up to a ${n} block range. Based on your parameters, this block range should work: [0x0, 0x1f3]`,
  },
  "Alchemy's free plan": {
    at: 1_000,
    code: -32600,
    message: (n) =>
      `Under the Free tier plan, you can make eth_getLogs requests with up to a ${n} block range.`,
  },
  // github.com/INFURA/infura/issues/237
  Infura: { at: 10_000, code: -32602, message: (n) => `range 100000 exceeds limit of ${n}` },
  Ankr: { at: 3_000, code: -32600, message: () => "block range is too wide" },
  PublicNode: { at: 50_000, code: -32701, message: (n) => `exceed maximum block range: ${n}` },
  // crates/rpc/rpc/src/eth/filter.rs
  reth: { at: 100, code: -32602, message: (n) => `query exceeds max block range ${n}` },
  // github.com/erigontech/erigon/pull/19721
  Erigon: {
    at: 1_000,
    code: -32602,
    message: (n) => `query block range exceeds server limit, narrow your filter: ${n}`,
  },
  geth: { at: 2_000, code: -32602, message: (n) => `exceed maximum block range: ${n}` },
  Optimism: { at: 9_000, code: -32000, message: () => "Block range is too large" },
  Base: { at: 2_000, code: -32614, message: () => "block range too large" },
  Avalanche: {
    at: 2_048,
    code: -32000,
    message: (n) => `requested too many blocks from 0 to 99999, maximum is set to ${n}`,
  },
  dRPC: { at: 10_000, code: 35, message: (n) => `ranges over ${n} blocks are not supported on freetier` },
  Chainstack: { at: 100, code: -32000, message: () => "Block range limit exceeded. See more details" },
  "1RPC": { at: 50, code: -32602, message: (n) => `eth_getLogs is limited to 0 - ${n} blocks range` },
  Coinbase: { at: 1_000, code: -32602, message: (n) => `please limit the query to at most ${n} blocks` },
  // github.com/bobanetwork/boba_legacy/issues/827
  Tenderly: {
    at: 2_000,
    code: -32602,
    message: () => "invalid params",
    data: { payload: "range 100000 is bigger than range limit 2000" },
  },
  Cloudflare: { at: 800, code: -32047, message: (n) => `Invalid eth_getLogs request. Max range: ${n}` },
  thirdweb: {
    at: 1_000,
    code: -32602,
    message: (n) => `Maximum allowed number of requested blocks is ${n}`,
  },
  Scroll: { at: 5_000, code: -32000, message: () => "block range is bigger than maxBlockRange" },
};

/** Limits of results. */
const RESULTS: Record<string, Refusal> = {
  // github.com/ethers-io/ethers.js/issues/4703
  Infura: {
    at: 20,
    code: -32005,
    message: (n) => `query returned more than ${n} results. Try with this block range [0xBDE5F8, 0x102DBCC].`,
  },
  "Infura's time": { at: 10, code: -32005, message: () => "query timeout exceeded" },
  Alchemy: {
    at: 30,
    code: -32602,
    message: () => "Log response size exceeded. You can request any block range with a cap of 10K logs.",
  },
  reth: { at: 25, code: -32602, message: (n) => `query exceeds max results ${n}, retry with the range 0-1` },
  Erigon: { at: 9, code: -32602, message: (n) => `query returns too many logs, narrow your filter: ${n}` },
  Arbitrum: { at: 50, code: -32000, message: (n) => `logs matched by query exceeds limit of ${n}` },
  Optimism: { at: 40, code: -32020, message: () => "backend response too large" },
};

describe("scanEvents", () => {
  const expected = chain().logs.map((_, i) => BigInt(i));

  for (const [name, { at, code, message, data }] of Object.entries(BLOCKS)) {
    it(`when ${name} refuses more than ${at} blocks, finds the same events in order`, async () => {
      const head = Math.min(HEAD, 12 * at);
      const node = chain(head);
      let refused = 0;
      node.refuse = (filter) => {
        if (span(filter) <= at) return;
        refused += 1;
        throw rpcError(code, message(at), data);
      };
      expect(await amounts(scanEvents(clientOf(node), PAID))).to.deep.equal(expected);
      expect(refused).to.be.greaterThan(0);
      // At least half of the limit by request, and few refused ones.
      expect(node.requests.length - refused).to.be.lessThan((2 * head) / at + 64);
      expect(refused).to.be.lessThan(12 + node.requests.length / 30);
    });
  }

  for (const [name, { at, code, message }] of Object.entries(RESULTS)) {
    it(`when ${name} refuses more than ${at} results, finds the same events in order`, async () => {
      const node = chain();
      node.refuse = (_, found) => {
        if (found.length > at) throw rpcError(code, message(at));
      };
      expect(await amounts(scanEvents(clientOf(node), PAID))).to.deep.equal(expected);
      expect(node.requests.length).to.be.lessThan(200);
    });
  }

  it("when QuickNode answers by HTTP status 413, finds the same events in order", async () => {
    const node = chain();
    node.refuse = (filter) => {
      if (span(filter) > 10_000) throw rpcError(-32614, "eth_getLogs is limited to a 10,000 range");
    };
    const server = createServer(async (request, response) => {
      const { id, ...call } = JSON.parse(Buffer.concat(await request.toArray()).toString());
      const answer = await node.request(call).then(
        (result) => ({ status: 200, body: { result } }),
        ({ code, message }) => ({ status: 413, body: { error: { code, message } } }),
      );
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer.body }));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const options = { batchMaxCount: 1, staticNetwork: true, cacheTimeout: -1 };
    const provider = new JsonRpcProvider(`http://127.0.0.1:${port}`, 31_337, options);
    try {
      expect(await amounts(scanEvents(clientBy(provider), PAID))).to.deep.equal(expected);
    } finally {
      provider.destroy();
      server.close();
    }
  });

  it("when the limit loosens, grows the range again", async () => {
    const node = chain();
    node.refuse = ({ fromBlock, toBlock }) => {
      if (fromBlock < 50_000 && toBlock - fromBlock >= 1_000) throw rpcError(-32602, "block range too large");
    };
    expect(await amounts(scanEvents(clientOf(node), PAID))).to.deep.equal(expected);
    const [last] = node.requests.map(span).slice(-2);
    expect(last).to.be.greaterThan(10_000);
  });

  it("when searched again, begins with the size that worked", async () => {
    const node = chain();
    node.refuse = (filter) => {
      if (span(filter) > 10_000) throw rpcError(-32600, "block range is too wide");
    };
    const client = clientOf(node);
    await amounts(scanEvents(client, PAID));
    const before = node.requests.length;
    await amounts(scanEvents(client, PAID));
    expect(node.requests.slice(before).filter((filter) => span(filter) > 10_000)).to.have.length.below(5);
  });

  it("when given a block range, asks for no more blocks", async () => {
    const node = chain();
    const search = scanEvents(clientOf(node), { ...PAID, blockRange: 7_000 });
    expect(await amounts(search)).to.deep.equal(expected);
    expect(Math.max(...node.requests.map(span))).to.equal(7_000);
  });

  it("when given blocks, reads these alone, and none before the deployment", async () => {
    const node = chain();
    const within = node.logs
      .map(({ blockNumber }, i) => [Number(blockNumber), BigInt(i)] as const)
      .filter(([block]) => block >= 2 && block <= 150_010);
    const search = scanEvents(clientOf(node, 2), { ...PAID, fromBlock: 0, toBlock: 150_010 });
    expect(await amounts(search)).to.deep.equal(within.map(([, amount]) => amount));
    expect(node.requests[0]?.fromBlock).to.equal(2);
  });

  it("when the node fails on the way, names the block to continue from, and no event is lost", async () => {
    const node = chain();
    const client = clientOf(node);
    let [requests, fromBlock] = [0, 0];
    node.refuse = () => {
      requests += 1;
      if (requests % 3 === 0) throw rpcError(-32000, "header not found");
    };
    const found: bigint[] = [];
    for (let attempts = 0; fromBlock <= HEAD; attempts++) {
      expect(attempts).to.be.lessThan(100);
      try {
        for await (const page of scanEvents(client, { ...PAID, fromBlock, blockRange: 10_000 })) {
          found.push(...page.events.map(({ args }) => args.amount));
          fromBlock = page.nextBlock;
        }
      } catch (error) {
        expect(error).to.be.instanceOf(LogScanError);
        expect(error).to.deep.include({ nextBlock: fromBlock, code: "LOG_SCAN" });
      }
    }
    expect(found).to.deep.equal(expected);
  });

  for (const message of [
    "block range extends beyond current head block",
    "invalid block range params",
    "daily request count exceeded, request rate limited",
    "Your app has exceeded its compute units per second capacity",
    "limit exceeded",
    "missing trie node",
  ]) {
    it(`when the node says "${message}", asks once and throws it`, async () => {
      const node = chain();
      node.refuse = () => {
        throw rpcError(-32005, message);
      };
      const error = await rejectionOf(amounts(scanEvents(clientOf(node), PAID)));
      expect(error).to.be.instanceOf(LogScanError).with.property("nextBlock", 0);
      expect(error.message).to.contain("stopped at block 0.").and.to.contain(message);
      expect(node.requests).to.have.length(1);
    });
  }

  it("when the node refuses even a block, throws its error after few requests", async () => {
    const node = chain();
    node.refuse = () => {
      throw rpcError(-32005, "query returned more than 10000 results");
    };
    const error = await rejectionOf(amounts(scanEvents(clientOf(node), { ...PAID, fromBlock: 5 })));
    expect(error).to.be.instanceOf(LogScanError).with.property("nextBlock", 5);
    expect(node.requests).to.have.length(17);
  });

  it("when the node does not answer, says so in the cause", async () => {
    const node = chain();
    node.isDown = true;
    const provider = new JsonRpcProvider("http://127.0.0.1:9", 31_337, { staticNetwork: true });
    const error = await rejectionOf(amounts(scanEvents(clientBy(provider), { ...PAID, toBlock: 9 })));
    provider.destroy();
    expect(error).to.be.instanceOf(LogScanError);
    expect(error.cause).to.be.instanceOf(NodeUnreachableError);
  });

  it("when a block is malformed, is refused", async () => {
    const client = clientOf(chain());
    for (const parameter of ["fromBlock", "toBlock", "blockRange"]) {
      for (const value of [-1, 0.5, "1"]) {
        await expectInvalid(
          amounts(scanEvents(client, { ...PAID, [parameter]: value as number })),
          parameter,
        );
      }
    }
  });
});

import { setTimeout as pause } from "node:timers/promises";
import { type Client, type PaidEvent, type WatchPaidParameters, watchPaid } from "@benefit-grid/sdk";
import { expect } from "chai";
import { FakeNode, paidLog, quickClientOf, rpcError } from "./fakeNode.ts";

/** What a watch reported, by amount: the sum of reports and removals. It never reports one twice. */
export class Ledger {
  readonly #held = new Map<string, bigint>();
  readonly errors: Error[] = [];
  removals = 0;
  nextBlock = 0;

  readonly take = (events: readonly PaidEvent[], { nextBlock }: { nextBlock: number }) => {
    for (const { args, removed, blockHash, index } of events) {
      const key = `${blockHash} ${index}`;
      expect(this.#held.has(key), `${removed ? "removed" : "reported"} ${args.amount}`).to.equal(removed);
      if (removed) this.removals += 1;
      if (removed) this.#held.delete(key);
      else this.#held.set(key, args.amount);
    }
    this.nextBlock = nextBlock;
  };

  readonly fail = (error: Error) => {
    this.errors.push(error);
  };

  get amounts(): bigint[] {
    return [...this.#held.values()].sort((a, b) => (a < b ? -1 : 1));
  }
}

export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 5_000) throw new Error("The watch did not get there.");
    await pause(1);
  }
}

export function watching(client: Client, parameters: Partial<WatchPaidParameters> = {}) {
  const ledger = new Ledger();
  const unwatch = watchPaid(client, {
    onEvents: ledger.take,
    onError: ledger.fail,
    pollingInterval: 1,
    ...parameters,
  });
  return { ledger, unwatch };
}

/** Waits for two more searches. */
export async function settle(node: FakeNode) {
  const seen = node.requests.length;
  await until(() => node.requests.length >= seen + 2);
}

/** Blocks, forks, lags, limits and failures at random. At the end the watch must agree with the chain. */
export async function watchAtRandom(seed: number, steps: number): Promise<void> {
  const random = generator(seed);
  const node = new FakeNode(5);
  const forks = new Map<number, number>();
  node.forkAt = (block) => forks.get(block) ?? 0;
  let amount = 0n;
  let all: ReturnType<typeof paidLog>[] = [];
  const mine = (block: number, fork: number) => {
    forks.set(block, fork);
    for (let index = 0; random() < 0.5; index++) {
      amount += 1n;
      all.push(paidLog(block, amount, { fork, index }));
    }
  };
  const confirmations = seed % 3;
  let run = watching(quickClientOf(node), { fromBlock: 0, confirmations });
  let head = 5;
  for (let step = 0; step < steps; step++) {
    const chance = random();
    if (chance < 0.5) for (let i = 0; i < 1 + random() * 4; i++) mine(++head, step);
    else if (chance < 0.6) {
      const depth = Math.min(head - 1, 1 + Math.floor(random() * 30));
      all = all.filter(({ blockNumber }) => Number(blockNumber) <= head - depth);
      for (let block = head - depth + 1; block <= head; block++) mine(block, step);
    }
    node.isDown = random() < 0.1;
    const lag = random() < 0.2 ? Math.floor(random() * 5) : 0;
    node.head = Math.max(head - lag, 1);
    const hides = random() < 0.1 ? head - 2 : head;
    node.logs = all.filter(({ blockNumber }) => Number(blockNumber) <= hides);
    const limit = random() < 0.2 ? 10 : 1_000;
    node.refuse = ({ fromBlock, toBlock }) => {
      if (toBlock - fromBlock >= limit) throw rpcError(-32005, "block range too large");
      if (random() < 0.05) throw rpcError(-32000, "header not found");
    };
    if (random() < 0.5) await pause(random() * 3);
  }
  // The chain rests. Blocks below the confirmations are still out.
  [node.isDown, node.head, node.logs, node.refuse] = [false, head, all, () => {}];
  const final = all.filter(({ blockNumber }) => Number(blockNumber) <= head - confirmations);
  const expected = final.map(({ transactionHash }) => BigInt(transactionHash) - 1n);
  try {
    await until(() => run.ledger.amounts.join() === expected.join());
    await settle(node);
  } finally {
    run.unwatch();
  }
  expect(run.ledger.amounts).to.deep.equal(expected);
  // A later watch continues without a gap or a double.
  run = watching(quickClientOf(node), { fromBlock: run.ledger.nextBlock, confirmations: 0 });
  mine(++head, 999);
  mine(++head, 999);
  [node.head, node.logs] = [head, all];
  const later = all.filter(({ blockNumber }) => Number(blockNumber) > head - 2 - confirmations);
  try {
    await until(() => run.ledger.amounts.length >= later.filter((log) => !final.includes(log)).length);
  } finally {
    run.unwatch();
  }
  for (const log of all.filter((one) => !final.includes(one))) {
    expect(run.ledger.amounts).to.include(BigInt(log.transactionHash) - 1n);
  }
}

/** Numbers from 0 to 1, the same for each seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

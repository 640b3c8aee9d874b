import { setTimeout as pause } from "node:timers/promises";
import { LogScanError, NodeUnreachableError, type PaidEvent, watchPaid } from "@benefit-grid/sdk";
import { expect } from "chai";
import { expectInvalid } from "../clients.ts";
import { FakeNode, paidLog, quickClientOf, rpcError } from "./fakeNode.ts";
import { settle, until, watchAtRandom, watching } from "./watching.ts";

describe("watchPaid", () => {
  it("when a parameter is malformed, names it", async () => {
    const client = quickClientOf(new FakeNode(10));
    const onEvents = () => {};
    await expectInvalid(() => watchPaid(client, {} as never), "onEvents");
    for (const parameter of ["fromBlock", "blockRange", "pollingInterval", "confirmations"]) {
      await expectInvalid(() => watchPaid(client, { onEvents, [parameter]: -1 }), parameter);
    }
    await expectInvalid(() => watchPaid(client, { onEvents, capsuleId: -1n }), "capsuleId");
    await expectInvalid(() => watchPaid(client, { onEvents, payer: "0x" }), "payer");
    await expectInvalid(() => watchPaid(client, { onEvents, token: "0x" }), "token");
  });

  it("reports payments after the newest block once, with names of their parameters", async () => {
    const node = new FakeNode(10);
    node.logs = [paidLog(10, 1n)];
    const { ledger, unwatch } = watching(quickClientOf(node));
    await pause(10);
    node.logs.push(paidLog(12, 2n), paidLog(12, 3n, { index: 1 }));
    node.head = 12;
    await until(() => ledger.amounts.length === 2);
    await settle(node);
    unwatch();
    expect(ledger.amounts).to.deep.equal([2n, 3n]);
    expect(ledger.errors).to.deep.equal([]);
    expect(ledger.nextBlock).to.equal(13);
  });

  it("when given a block, reports what came since, and only the wanted payments", async () => {
    const node = new FakeNode(1_000);
    node.logs = [paidLog(3, 1n), paidLog(4, 2n), paidLog(900, 3n, { capsuleId: 2n }), paidLog(999, 4n)];
    const { ledger, unwatch } = watching(quickClientOf(node), { fromBlock: 4, capsuleId: 1n });
    await until(() => ledger.amounts.length === 2);
    unwatch();
    expect(ledger.amounts).to.deep.equal([2n, 4n]);
  });

  it("when the node is down for a while, reports errors, then all events", async () => {
    const node = new FakeNode(10);
    const client = quickClientOf(node);
    const { ledger, unwatch } = watching(client, { fromBlock: 0 });
    await settle(node);
    node.isDown = true;
    await until(() => ledger.errors.length >= 3);
    for (let block = 11; block < 400; block++) node.logs.push(paidLog(block, BigInt(block)));
    node.head = 399;
    node.isDown = false;
    await until(() => ledger.amounts.length === 389);
    node.refuse = () => {
      throw rpcError(-32000, "header not found");
    };
    await until(() => ledger.errors.some((error) => error instanceof LogScanError));
    unwatch();
    expect(ledger.errors[0]).to.be.instanceOf(NodeUnreachableError);
  });

  it("when a block is abandoned, reports its events as removed and the new ones", async () => {
    const node = new FakeNode(10);
    node.logs = [paidLog(9, 1n), paidLog(10, 2n)];
    const { ledger, unwatch } = watching(quickClientOf(node), { fromBlock: 0 });
    await until(() => ledger.amounts.length === 2);
    node.forkAt = (block) => (block >= 10 ? 1 : 0);
    node.logs = [paidLog(9, 1n), paidLog(10, 3n, { fork: 1 })];
    await until(() => !ledger.amounts.includes(2n));
    await settle(node);
    unwatch();
    expect(ledger.amounts).to.deep.equal([1n, 3n]);
  });

  it("when a node lags behind, removes nothing", async () => {
    const node = new FakeNode(10);
    node.logs = [paidLog(9, 1n), paidLog(10, 2n)];
    const { ledger, unwatch } = watching(quickClientOf(node), { fromBlock: 0 });
    await until(() => ledger.amounts.length === 2);
    const all = node.logs;
    node.logs = [];
    await settle(node);
    node.head = 5;
    await settle(node);
    [node.logs, node.head] = [all, 10];
    await settle(node);
    unwatch();
    expect(ledger.removals).to.equal(0);
    expect(ledger.amounts).to.deep.equal([1n, 2n]);
  });

  it("when given confirmations, waits for so many blocks on top", async () => {
    const node = new FakeNode(10);
    node.logs = [paidLog(8, 1n), paidLog(9, 2n)];
    const { ledger, unwatch } = watching(quickClientOf(node), { fromBlock: 0, confirmations: 2 });
    await until(() => ledger.amounts.length === 1);
    await settle(node);
    expect(ledger.amounts).to.deep.equal([1n]);
    node.head = 11;
    await until(() => ledger.amounts.length === 2);
    unwatch();
  });

  it("when its receiver fails, reports it and goes on with the next events", async () => {
    const node = new FakeNode(10);
    node.logs = [paidLog(9, 1n)];
    const got: bigint[] = [];
    const onEvents = async (events: readonly PaidEvent[]) => {
      got.push(...events.map(({ args }) => args.amount));
      throw new Error("The database is full.");
    };
    const { ledger, unwatch } = watching(quickClientOf(node), { fromBlock: 0, onEvents });
    await until(() => ledger.errors.length === 1);
    node.logs.push(paidLog(11, 2n));
    node.head = 11;
    await until(() => ledger.errors.length === 2);
    unwatch();
    expect(got).to.deep.equal([1n, 2n]);
    expect(ledger.errors[0]?.message).to.equal("The database is full.");
  });

  it("when ended, reports nothing more, not even of a search on its way", async () => {
    const node = new FakeNode(10);
    const { ledger, unwatch } = watching(quickClientOf(node), { fromBlock: 0 });
    await settle(node);
    node.logs = [paidLog(10, 1n)];
    node.refuse = () => {
      unwatch();
    };
    const seen = node.requests.length;
    await until(() => node.requests.length > seen);
    await pause(20);
    expect(ledger.amounts).to.deep.equal([]);
    expect(node.requests.length).to.equal(seen + 1);
  });

  it("when blocks, forks, lags, limits and failures come at random, agrees with the chain", async () => {
    await watchAtRandom(2, 60);
  });
});

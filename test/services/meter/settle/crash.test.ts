import { postgresStore, type Store, sqliteStore } from "@benefit-grid/meter";
import { expect } from "chai";
import { newDatabase } from "../postgres.ts";
import { commitmentOf, nodeWith, paid, type Settling, settling, startSettler, unitsOf } from "./support.ts";

/** Steps that change the store or reach the chain. */
const STEPS = ["createBatch", "changeBatch", "settleBatch", "dropBatch", "hold", "correct"];

/** A process that dies before or after one of its steps: from then on it does nothing. */
function dying(at: number, when: "before" | "after") {
  let steps = 0;
  let isDead = false;
  const check = () => {
    if (isDead) throw new Error("This process is dead.");
  };
  /** Returns whether to die once the step is done. */
  function step(): boolean {
    check();
    steps += 1;
    if (steps !== at) return false;
    if (when === "after") return true;
    isDead = true;
    throw new Error(`The process died before step ${at}.`);
  }
  const die = () => {
    isDead = true;
    throw new Error(`The process died after step ${at}.`);
  };
  const storeOf = (store: Store): Store =>
    new Proxy(store, {
      get(target, name: keyof Store) {
        const method = target[name] as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          check();
          const isLast = STEPS.includes(name) && step();
          const result = await method(...args);
          if (isLast) die();
          return result;
        };
      },
    });
  return { check, step, die, storeOf, hasDied: () => isDead };
}

/** Dies at a step, then another process takes over. Returns whether the first one died at all. */
async function crash(given: Settling, at: number, when: "before" | "after"): Promise<boolean> {
  const process = dying(at, when);
  const client = await nodeWith(given, (method) => {
    process.check();
    return method === "broadcastTransaction" && process.step() ? process.die : undefined;
  });
  const first = await startSettler(client, process.storeOf(given.store));
  await first.rounds(4).catch(() => undefined);
  const second = await startSettler(given.client, given.store);
  await second.rounds(4);
  expect(second.errors()).to.deep.equal([]);
  expect(await given.store.batchesUnderWay()).to.deep.equal([]);
  return process.hasDied();
}

const STORES: [name: string, open: () => Promise<Store>][] = [
  ["SQLite", async () => await sqliteStore(":memory:")],
  ["PostgreSQL", async () => await postgresStore(await newDatabase())],
];
const CASES = STORES.flatMap(([name, open]) =>
  (["before", "after"] as const).map((when) => ({ name, open, when })),
);

describe("a settler that dies", () => {
  for (const { name, open, when } of CASES) {
    it(`${when} any step, on ${name}, has settled open vouchers exactly once after a restart`, async () => {
      let at = 0;
      for (let hasDied = true; hasDied; ) {
        at += 1;
        const given = await settling(await open());
        const nonce = await given.wallet.getNonce();
        await given.keep(await given.open(10n));
        hasDied = await crash(given, at, when);
        expect(await unitsOf(given.client, 4n)).to.equal(10n);
        expect(await paid(given, 1n)).to.equal(250n);
        expect(await given.wallet.getNonce()).to.equal(nonce + 1);
        expect(await given.store.account(4n)).to.deep.include({ settled: { units: 10n, contexts: 1n } });
        await given.store.close();
      }
      // Forming, storing, sending, settling.
      expect(at).to.equal(5);
    });

    it(`${when} any step, on ${name}, has settled private vouchers exactly once after a restart`, async () => {
      let at = 0;
      for (let hasDied = true; hasDied; ) {
        at += 1;
        const given = await settling(await open());
        const nonce = await given.wallet.getNonce();
        await given.keepPrivate();
        hasDied = await crash(given, at, when);
        expect(await commitmentOf(given.client, 1n)).to.equal((await given.sign(1n, 100n)).usage);
        expect(await paid(given, 2n)).to.equal(150n * 25n);
        expect(await given.wallet.getNonce()).to.equal(nonce + 1);
        await given.store.close();
      }
      // Forming, proving, storing, sending, settling.
      expect(at).to.equal(6);
    });
  }
});

describe("two settlers on one store", () => {
  it("when both work, one stands by", async () => {
    const given = await settling();
    await given.keep(await given.open(10n));
    const settlers = await Promise.all([1, 2].map(() => given.run({ leaseFor: 60_000 })));
    for (let i = 0; i < 3; i += 1) {
      const results = await Promise.all(settlers.map((settler) => settler.round()));
      expect(results.sort()).to.deep.equal(["done", "standby"]);
    }
    expect(await paid(given, 1n)).to.equal(250n);
    expect(settlers.map(({ kinds }) => kinds().length).sort()).to.deep.equal([0, 3]);
  });

  it("when the lease is lost during the work, nothing more is sent", async () => {
    const given = await settling();
    await given.keep(await given.open(10n));
    const settler = await given.run({ leaseFor: 60_000 });
    const taking = await startSettler(
      await nodeWith(given, () => undefined),
      new Proxy(given.store, {
        get: (target, name: keyof Store) =>
          name === "createBatch"
            ? async (batch: Parameters<Store["createBatch"]>[0]) => {
                const id = await target.createBatch(batch);
                await new Promise((resolve) => setTimeout(resolve, 5));
                await settler.round();
                return id;
              }
            : target[name],
      }),
    );
    expect(await taking.round()).to.equal("failed");
    expect(taking.errors().map(({ name }) => name)).to.deep.equal(["LeaseLostError"]);
    expect(taking.of("sent")).to.deep.equal([]);
    await settler.rounds(2);
    expect(await paid(given, 1n)).to.equal(250n);
  });

  it("when the lease is lost while a transaction is signed, it is not sent", async () => {
    const given = await settling();
    await given.keep(await given.open(10n));
    const other = await given.run({ leaseFor: 60_000 });
    let takeOver = true;
    const client = await nodeWith(given, (method) => {
      if (method !== "estimateGas" || !takeOver) return undefined;
      takeOver = false;
      // The lease of 1 ms is over by then.
      return () => void given.store.lease(`operator ${given.wallet.address}`, "another", 60_000);
    });
    const settler = await startSettler(client, given.store);
    await settler.round();
    expect(settler.errors().map(({ name }) => name)).to.deep.equal(["LeaseLostError"]);
    expect(settler.of("sent")).to.deep.equal([]);
    expect((await given.store.batchesUnderWay()).map(({ state }) => state)).to.deep.equal(["formed"]);
    expect(await other.round()).to.equal("standby");
  });

  for (const [name, open] of STORES)
    it(`when both work at once on ${name} because a lease ended early, each voucher settles once`, async () => {
      const given = await settling(await open());
      await given.keep(await given.open(10n));
      const settlers = await Promise.all([given.run(), given.run()]);
      for (let i = 0; i < 4; i += 1) await Promise.all(settlers.map((settler) => settler.rounds(1)));
      expect(await unitsOf(given.client, 4n)).to.equal(10n);
      expect(await paid(given, 1n)).to.equal(250n);
      expect(await given.store.batchesUnderWay()).to.deep.equal([]);
      await given.store.close();
    });
});

describe("a node that fails", () => {
  it("when every call fails for a while, nothing is lost", async () => {
    const given = await settling();
    await given.keep(await given.open(10n));
    let calls = Number.NaN;
    const client = await nodeWith(given, () => {
      calls += 1;
      if (calls % 60 < 20) throw new Error("The node is overloaded.");
      return undefined;
    });
    const settler = await startSettler(client, given.store);
    calls = 0;
    const results = new Set<string>();
    for (let i = 0; i < 60; i += 1) results.add(await settler.round());
    expect([...results].sort()).to.deep.equal(["done", "failed"]);
    expect(await paid(given, 1n)).to.equal(250n);
    expect(await given.store.batchesUnderWay()).to.deep.equal([]);
  });
});

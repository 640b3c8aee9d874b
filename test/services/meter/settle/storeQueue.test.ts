import { createStoreQueue, type JobQueue, type Store, sqliteStore } from "@benefit-grid/meter";
import { expect } from "chai";

const FAST = { interval: 1, visibility: 50, retryAfter: 5 };

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 1));
}

const queues: JobQueue[] = [];
function queueOf(store: Store, options = {}): JobQueue {
  const queue = createStoreQueue({ store, ...FAST, ...options });
  queues.push(queue);
  return queue;
}

afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.close()));
});

describe("createStoreQueue", () => {
  it("when a job is sent twice, works on it once", async () => {
    const store = await sqliteStore(":memory:");
    const queue = queueOf(store);
    for (const batchId of ["a", "a", "b"]) await queue.send(batchId);
    const done: string[] = [];
    await queue.work(async (batchId) => void done.push(batchId));
    await until(() => done.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).to.deep.equal(["a", "b"]);
  });

  it("when two workers share a store, one has each job, even if it takes long", async () => {
    const store = await sqliteStore(":memory:");
    const workers = [queueOf(store), queueOf(store)];
    const taken: string[] = [];
    for (const worker of workers) {
      await worker.work(async (batchId) => {
        taken.push(batchId);
        // Longer than a dead worker's job stays hidden.
        await new Promise((resolve) => setTimeout(resolve, 150));
      });
    }
    await workers[0]?.send("a");
    await until(() => taken.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(taken).to.deep.equal(["a"]);
  });

  it("when the handler throws, the job comes again after a growing pause", async () => {
    const store = await sqliteStore(":memory:");
    const errors: unknown[] = [];
    const queue = queueOf(store, { onError: (error: unknown) => errors.push(error) });
    const times: number[] = [];
    await queue.send("a");
    await queue.work(async () => {
      times.push(performance.now());
      if (times.length < 4) throw new Error("No memory.");
    });
    await until(() => times.length === 4);
    expect(errors).to.have.length(3);
    const [first = 0, second = 0, third = 0, fourth = 0] = times;
    expect(second - first).to.be.at.least(4);
    expect(third - second).to.be.at.least(9);
    expect(fourth - third).to.be.at.least(19);
  });

  it("when a worker dies, its job comes again", async () => {
    const store = await sqliteStore(":memory:");
    await store.addJob("a");
    expect(await store.takeJob(30)).to.deep.equal({ batchId: "a", attempts: 1 });
    expect(await store.takeJob(30)).to.equal(undefined);
    const queue = queueOf(store);
    const done: string[] = [];
    await queue.work(async (batchId) => void done.push(batchId));
    await until(() => done.length === 1);
  });

  it("when a worker finishes after its job went to another, the job is still the other's", async () => {
    const store = await sqliteStore(":memory:");
    await store.addJob("a");
    const first = (await store.takeJob(-1)) ?? expect.fail("no job");
    const second = (await store.takeJob(-1)) ?? expect.fail("no job");
    await store.endJob(first);
    expect(await store.hideJob(first, 0)).to.equal(false);
    expect(await store.hideJob(second, 0)).to.equal(true);
    await store.endJob(second);
    expect(await store.takeJob(0)).to.equal(undefined);
  });

  it("when it is closed, aborts the job in work, which is free at once", async () => {
    const store = await sqliteStore(":memory:");
    const queue = queueOf(store, { visibility: 60_000 });
    let isRunning = false;
    await queue.send("a");
    await queue.work(async (_, signal) => {
      isRunning = true;
      await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    await until(() => isRunning);
    await queue.close();
    expect(await store.takeJob(0)).to.include({ batchId: "a" });
  });
});

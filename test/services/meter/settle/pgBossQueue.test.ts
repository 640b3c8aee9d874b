import { once } from "node:events";
import { createPgBossQueue, type PgBossQueueParameters } from "@benefit-grid/meter";
import { expect } from "chai";
import { Client } from "pg";
import { rejectionOf } from "../../../sdk/clients.ts";
import { newDatabase } from "../postgres.ts";
import { startNode } from "../processes.ts";

type Queue = Awaited<ReturnType<typeof createPgBossQueue>>;

describe("createPgBossQueue", () => {
  let connectionString: string;
  let queues: Queue[];

  beforeEach(async () => {
    connectionString = await newDatabase();
    queues = [];
  });
  afterEach(async () => {
    await Promise.all(queues.map((queue) => queue.close()));
  });

  async function start(options: Partial<PgBossQueueParameters> = {}): Promise<Queue> {
    const settings = { connectionString, interval: 0.5, retryAfter: 1, ...options };
    const queue = await createPgBossQueue(settings);
    queues.push(queue);
    return queue;
  }

  /** Resolves when `seen` has so many entries. */
  async function until(seen: readonly unknown[], count: number): Promise<void> {
    while (seen.length < count) await pause(20);
  }

  it("gives each job to one of several workers", async () => {
    const [one, two] = await Promise.all([start(), start()]);
    const seen: string[] = [];
    const batches = ["a", "b", "c", "d"];
    for (const queue of [one, two])
      await queue.work(async (batchId) => {
        seen.push(batchId);
        await pause(50);
      });
    for (const batchId of batches) await one.send(batchId);
    await until(seen, batches.length);
    await pause(700);
    expect(seen.sort()).to.deep.equal(batches);
  });

  it("when a batch has a job already, waiting or in work, adds none", async () => {
    const queue = await start();
    await Promise.all([queue.send("a"), queue.send("a"), queue.send("a")]);
    const seen: string[] = [];
    await queue.work(async (batchId) => {
      await queue.send(batchId);
      seen.push(batchId);
    });
    await until(seen, 1);
    await pause(1_200);
    expect(seen).to.deep.equal(["a"]);
    await queue.send("a");
    await until(seen, 2);
  });

  it("when a handler fails, reports it and gives the job again", async () => {
    const errors: unknown[] = [];
    const queue = await start({ onError: (error) => errors.push(error) });
    const seen: string[] = [];
    await queue.send("a");
    await queue.work(async (batchId) => {
      seen.push(batchId);
      if (seen.length === 1) throw new Error("The proof failed.");
    });
    await until(seen, 2);
    expect(errors.map((error) => (error as Error).message)).to.deep.equal(["The proof failed."]);
  });

  it("when closed, aborts the job in work, and another worker gets it", async () => {
    const first = await start();
    await first.send("a");
    const aborted: string[] = [];
    const begun = Promise.withResolvers<void>();
    await first.work(async (batchId, signal) => {
      begun.resolve();
      await new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      }).finally(() => aborted.push(batchId));
    });
    await begun.promise;
    await first.close();
    expect(aborted).to.deep.equal(["a"]);
    const seen: string[] = [];
    const second = await start();
    await second.work(async (batchId) => void seen.push(batchId));
    await until(seen, 1);
  });

  it("when a worker's process is killed, another one gets its job", async () => {
    const queue = await start({ visibility: 10 });
    await queue.send("a");
    const child = startNode("test/services/meter/fixtures/work.ts", { connectionString });
    const [taken] = await once(child.stdout as NodeJS.ReadableStream, "data");
    expect(`${taken}`).to.equal("a\n");
    child.kill("SIGKILL");
    const seen: string[] = [];
    await queue.work(async (batchId) => void seen.push(batchId));
    await until(seen, 1);
  });

  it("keeps its tables in a schema of its own", async () => {
    await start();
    const client = new Client({ connectionString });
    await client.connect();
    const { rows } = await client.query(
      "SELECT DISTINCT schemaname AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    );
    await client.end();
    expect(rows).to.deep.equal([{ name: "meter_jobs" }]);
  });

  it("when the database does not answer, rejects", async () => {
    const nobody = "postgresql://meter@127.0.0.1:1/meter";
    const error = await rejectionOf(createPgBossQueue({ connectionString: nobody }));
    expect((error as NodeJS.ErrnoException).code).to.equal("ECONNREFUSED");
  });
});

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

import { PgBoss } from "pg-boss";
import type { JobQueue } from "./queue.ts";

/** All tables of pg-boss are in a schema of their own. */
const SCHEMA = "meter_jobs";
const QUEUE = "prove";
/** A job never fails for good: its batch stays under way until it is proved or dropped. */
const RETRIES = 1_000_000;
/** Seconds. */
const HOUR = 3_600;
const YEAR = 365 * 24 * HOUR;
/** Longest wait for a handler, milliseconds. */
const CLOSE_TIMEOUT = 60_000;

type Job = { readonly batchId: string };

export type PgBossQueueParameters = {
  /** URL of the database, as `postgresql://user:password@host:5432/meter`. The store may be in it too. */
  readonly connectionString: string;
  /** Pause between two looks for a job, seconds. @default 1 */
  readonly interval?: number;
  /** A dead worker's job is free after this long, seconds. At least 10. @default 30 */
  readonly visibility?: number;
  /** First pause after a failure, seconds. It doubles up to an hour. @default 5 */
  readonly retryAfter?: number;
  /** Called with a handler's error, or the database's. */
  readonly onError?: (error: unknown) => void;
};

/**
 * A job queue on PostgreSQL by pg-boss, for workers on many machines.
 *
 * @throws if the database does not answer, or its user may not create a schema
 * @example
 * ```ts
 * const queue = await createPgBossQueue({ connectionString: "postgresql://meter@db.example/meter" });
 * ```
 */
export async function createPgBossQueue(parameters: PgBossQueueParameters): Promise<JobQueue> {
  const { connectionString, interval = 1, visibility = 30, retryAfter = 5, onError } = parameters;
  const stop = new AbortController();
  const boss = new PgBoss({
    connectionString,
    schema: SCHEMA,
    schedule: false,
    // How often the jobs of dead workers are looked for.
    superviseIntervalSeconds: Math.ceil(visibility / 2),
    monitorIntervalSeconds: Math.ceil(visibility / 2),
  });
  boss.on("error", (error) => onError?.(error));
  try {
    await boss.start();
    await boss.createQueue(QUEUE, {
      // One job for each batch, waiting or in work.
      policy: "exclusive",
      heartbeatSeconds: visibility,
      expireInSeconds: 12 * HOUR,
      retryLimit: RETRIES,
      retryDelay: retryAfter,
      retryBackoff: true,
      retryDelayMax: HOUR,
      retentionSeconds: YEAR,
      deleteAfterSeconds: HOUR,
    });
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }

  return {
    send: async (batchId) => {
      await boss.send(QUEUE, { batchId }, { singletonKey: batchId });
    },
    work: async (handler) => {
      const options = { pollingIntervalSeconds: interval, batchSize: 1 };
      await boss.work<Job>(QUEUE, options, async ([job]) => {
        if (!job) return;
        try {
          await handler(job.data.batchId, AbortSignal.any([stop.signal, job.signal]));
        } catch (error) {
          onError?.(error);
          throw error;
        }
      });
    },
    close: async () => {
      stop.abort(new Error("The queue was closed."));
      await boss.stop({ graceful: true, timeout: CLOSE_TIMEOUT });
    },
  };
}

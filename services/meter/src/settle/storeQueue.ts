import type { Job, Store } from "../store/store.ts";
import type { JobHandler, JobQueue } from "./queue.ts";

export type StoreQueueParameters = {
  readonly store: Store;
  /** Pause between two looks for a job, milliseconds. @default 1,000 */
  readonly interval?: number;
  /** A dead worker's job is free after this long, milliseconds. @default 60,000 */
  readonly visibility?: number;
  /** First pause after a failure, milliseconds. It doubles up to an hour. @default 5,000 */
  readonly retryAfter?: number;
  /** Called with a handler's error, or the store's. */
  readonly onError?: (error: unknown) => void;
};

const HOUR = 3_600_000;

/**
 * A job queue in the store itself, for workers that share it.
 *
 * @example
 * ```ts
 * const queue = createStoreQueue({ store });
 * ```
 */
export function createStoreQueue(parameters: StoreQueueParameters): JobQueue {
  const { store, interval = 1_000, visibility = 60_000, retryAfter = 5_000, onError } = parameters;
  const stop = new AbortController();
  let working: Promise<void> | undefined;

  async function loop(handler: JobHandler): Promise<void> {
    while (!stop.signal.aborted) {
      const job = await store.takeJob(visibility).catch((error) => void onError?.(error));
      if (job) await run(job, handler).catch((error) => onError?.(error));
      else await pause(interval, stop.signal);
    }
  }

  async function run(job: Job, handler: JobHandler): Promise<void> {
    const lost = new AbortController();
    const hide = async () => {
      if (!(await store.hideJob(job, visibility))) lost.abort(new Error("Another worker has this job."));
    };
    const beat = setInterval(() => hide().catch((error) => onError?.(error)), visibility / 3);
    try {
      await handler(job.batchId, AbortSignal.any([stop.signal, lost.signal]));
      await store.endJob(job);
    } catch (error) {
      const delay = stop.signal.aborted ? 0 : Math.min(retryAfter * 2 ** (job.attempts - 1), HOUR);
      await store.hideJob(job, delay);
      throw error;
    } finally {
      clearInterval(beat);
    }
  }

  return {
    send: store.addJob,
    work: async (handler) => {
      working ??= loop(handler);
    },
    close: async () => {
      stop.abort(new Error("The queue was closed."));
      await working;
    },
  };
}

/** Ends early when the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}

/** A job: a private batch to prove. Jobs come at least once, so a handler has to be idempotent. */
export type JobHandler = (batchId: string, signal: AbortSignal) => Promise<void>;

/** The jobs of all workers of a meter. */
export type JobQueue = {
  /** Adds a job. No change if the queue has one for this batch, waiting or in work. */
  readonly send: (batchId: string) => Promise<void>;
  /**
   * Calls the handler for each job, one after the other. A job is done when the handler returns. It comes again, after a
   * growing pause, if the handler throws or its worker dies. The signal is aborted by `close`.
   */
  readonly work: (handler: JobHandler) => Promise<void>;
  /** Stops taking jobs, aborts the one in work, which comes again, and waits for its handler. */
  readonly close: () => Promise<void>;
};

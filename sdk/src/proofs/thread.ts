import type { Job, Message } from "./messages.ts";

/** A thread that does one job. */
export type Thread = {
  readonly send: (job: Job) => void;
  readonly listen: (hear: (message: Message) => void, fail: (error: Error) => void) => void;
  /** Ends it and all threads that it started. */
  readonly end: () => Promise<void>;
};

export function startThread(): Thread {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return {
    send: (job) => worker.postMessage(job),
    listen: (hear, fail) => {
      worker.onmessage = ({ data }) => hear(data);
      worker.onerror = ({ message }) =>
        fail(new Error(`The worker failed: ${message ?? "it does not load"}.`));
    },
    end: async () => worker.terminate(),
  };
}

/** The address of what a page names. */
export function locate(source: string | URL): string {
  return new URL(source, globalThis.document?.baseURI ?? globalThis.location.href).href;
}

import type { Job, Message } from "./messages.ts";

/** A thread for one job. */
export type Thread = {
  readonly send: (job: Job) => void;
  readonly listen: (hear: (message: Message) => void, fail: (error: Error) => void) => void;
  /** Ends the thread and all threads started by it. */
  readonly end: () => Promise<void>;
};

export function startThread(): Thread {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return {
    send: (job) => worker.postMessage(job),
    listen: (hear, fail) => {
      worker.onmessage = ({ data }) => hear(data);
      worker.onerror = ({ message }) =>
        fail(new Error(`The proving thread failed: ${message ?? "its script does not load"}.`));
    },
    end: async () => worker.terminate(),
  };
}

/** The address of a page's file. */
export function locate(source: string | URL): string {
  return new URL(source, globalThis.document?.baseURI ?? globalThis.location.href).href;
}

import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { Thread } from "./thread.ts";

export function startThread(): Thread {
  const worker = new Worker(new URL("./worker.node.js", import.meta.url));
  return {
    send: (job) => worker.postMessage(job),
    listen: (hear, fail) => {
      worker.on("message", hear);
      worker.on("error", fail);
      worker.on("exit", () =>
        fail(new Error("The proving thread ended without a proof. It may have run out of memory.")),
      );
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

/** The address of a URL or path. */
export function locate(source: string | URL): string {
  const isUrl = source instanceof URL || /^[a-z]{2,}:/i.test(source);
  return isUrl ? new URL(source).href : pathToFileURL(source).href;
}

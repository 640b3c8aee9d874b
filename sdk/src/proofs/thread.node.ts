import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { Thread } from "./thread.ts";

export async function startThread(_script?: string | URL): Promise<Thread> {
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

/** The address of a package's file. Undefined if the package is not installed. */
export function locateInPackage(name: string, path: string): string | undefined {
  try {
    return import.meta.resolve(`${name}/${path}`);
  } catch {
    return undefined;
  }
}

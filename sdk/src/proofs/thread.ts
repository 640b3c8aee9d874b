import { PackageNotFoundError } from "../errors.ts";
import type { Job, Message } from "./messages.ts";

/** A thread for one job. */
export type Thread = {
  readonly send: (job: Job) => void;
  readonly listen: (hear: (message: Message) => void, fail: (error: Error) => void) => void;
  /** Ends the thread and all threads started by it. */
  readonly end: () => Promise<void>;
};

/** @param script address of the thread's script. @default the one in the package of the circuits, as a blob */
export async function startThread(script?: string | URL): Promise<Thread> {
  const url = script === undefined ? await blobOfScript() : locate(script);
  const worker = new Worker(url);
  return {
    send: (job) => worker.postMessage(job),
    listen: (hear, fail) => {
      worker.onmessage = ({ data }) => hear(data);
      worker.onerror = ({ message }) => fail(new Error(`The proving thread failed: ${message ?? ADVICE}.`));
    },
    end: async () => {
      worker.terminate();
      if (script === undefined) URL.revokeObjectURL(url);
    },
  };
}

const ADVICE =
  "its script does not load. A Content-Security-Policy must allow `worker-src blob:`, see `worker`";

/** Bundlers treat workers of a package in different ways, so its script comes as a text. */
async function blobOfScript(): Promise<string> {
  try {
    const { default: script } = await import("@benefit-grid/circuits/worker");
    return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  } catch (cause) {
    throw new PackageNotFoundError("@benefit-grid/circuits", cause);
  }
}

/** The address of a page's file. */
export function locate(source: string | URL): string {
  return new URL(source, globalThis.document?.baseURI ?? globalThis.location.href).href;
}

/** Pages can't find the files of a package: a bundler or server gives them an address. */
export function locateInPackage(_name: string, _path: string): string | undefined {
  return undefined;
}

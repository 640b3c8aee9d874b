import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import threads, { type MessagePort } from "node:worker_threads";
import { fetchBytes, serve } from "./prover.ts";

// snarkjs uses web-worker. Outside of the main thread, web-worker would take this thread for one of its own.
Object.assign(threads, { isMainThread: true });

const port = threads.parentPort as MessagePort;
port.once("message", (job) => serve(job, load, (message) => port.postMessage(message)));

async function load(url: string): Promise<Uint8Array | undefined> {
  if (!url.startsWith("file:")) return await fetchBytes(url);
  return await readFile(fileURLToPath(url)).catch(() => undefined);
}

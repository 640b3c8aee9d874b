import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import threads, { type MessagePort } from "node:worker_threads";
import { fetchBytes, serve } from "./prover.ts";

// snarkjs starts its threads by web-worker, which in any thread but the main one takes itself for one of those.
Object.assign(threads, { isMainThread: true });

const port = threads.parentPort as MessagePort;
port.once("message", (job) => serve(job, load, (message) => port.postMessage(message)));

async function load(url: string): Promise<Uint8Array | undefined> {
  if (!url.startsWith("file:")) return await fetchBytes(url);
  return await readFile(fileURLToPath(url)).catch(() => undefined);
}

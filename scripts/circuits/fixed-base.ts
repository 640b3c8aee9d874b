import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { CircuitError } from "./errors.ts";

export type GroupName = "G1" | "G2";

/** A sequence of points: affine as in zkey and ptau files, and uncompressed as snarkjs hashes them. */
export type Points = { affine: Uint8Array; uncompressed: Uint8Array };

export type FixedBase = {
  /** The generator times each scalar. */
  multiply(group: GroupName, scalars: readonly bigint[]): Promise<Points>;
  close(): void;
};

export type Task = { group: GroupName; scalars: Uint8Array };

export const POINT_BYTES = { G1: 64, G2: 128 };
const SCALAR_BYTES = 32;
const CHUNK = 4_096;

/**
 * Multiplies the generators by many scalars, in separate processes. With a known tau, a set-up consists of these
 * products. They take seconds; snarkjs' transforms of secret powers of tau take minutes.
 */
export function createFixedBase(): FixedBase {
  const workers: ChildProcess[] = [];
  return {
    multiply: (group, scalars) => multiply(workers, group, scalars),
    close: () => {
      for (const worker of workers) worker.kill();
    },
  };
}

// A process, because ffjavascript does not load in a worker thread.
function startWorker(): ChildProcess {
  const file = fileURLToPath(new URL("./fixed-base.worker.ts", import.meta.url));
  return fork(file, { serialization: "advanced", execArgv: [] });
}

async function multiply(
  workers: ChildProcess[],
  group: GroupName,
  scalars: readonly bigint[],
): Promise<Points> {
  const needed = Math.min(availableParallelism(), Math.ceil(scalars.length / CHUNK));
  while (workers.length < needed) workers.push(startWorker());
  const bytes = scalars.length * POINT_BYTES[group];
  const points = { affine: new Uint8Array(bytes), uncompressed: new Uint8Array(bytes) };
  let next = 0;
  const serve = async (worker: ChildProcess): Promise<void> => {
    while (next < scalars.length) {
      const first = next;
      next += CHUNK;
      const result = await ask(worker, { group, scalars: encode(scalars.slice(first, next)) });
      points.affine.set(result.affine, first * POINT_BYTES[group]);
      points.uncompressed.set(result.uncompressed, first * POINT_BYTES[group]);
    }
  };
  await Promise.all(workers.map(serve));
  return points;
}

function ask(worker: ChildProcess, task: Task): Promise<Points> {
  return new Promise((resolve, reject) => {
    const onMessage = (points: Points): void => {
      worker.off("exit", onExit);
      resolve(points);
    };
    const onExit = (): void => reject(new CircuitError("A process for products of points ended early."));
    worker.once("message", onMessage).once("exit", onExit);
    worker.send(task, (error) => error && reject(error));
  });
}

function encode(scalars: readonly bigint[]): Uint8Array {
  const bytes = Buffer.alloc(scalars.length * SCALAR_BYTES);
  scalars.forEach((scalar, i) => {
    writeScalar(bytes, scalar, i * SCALAR_BYTES);
  });
  return bytes;
}

/** 32 bytes, little-endian. */
export function writeScalar(bytes: Buffer, scalar: bigint, offset: number): void {
  for (let word = 0; word < 4; word++) {
    bytes.writeBigUInt64LE((scalar >> BigInt(64 * word)) & 0xffff_ffff_ffff_ffffn, offset + 8 * word);
  }
}

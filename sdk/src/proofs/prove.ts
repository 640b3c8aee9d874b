import { startThread } from "#thread";
import {
  ArtifactHashMismatchError,
  ArtifactNotFoundError,
  ProofMismatchError,
  ProvingError,
} from "../errors.ts";
import type { Proof } from "../shared/proof.ts";
import { type Artifacts, artifactsOf, type CircuitName } from "./artifacts.ts";
import type { Failure, Job, Message, ProveGroth16ReturnType, Stage } from "./messages.ts";
import type { Thread } from "./thread.ts";

/** Makes a Groth16 proof. The SDK's own does so by snarkjs's arithmetic in a thread; a native one may be faster. */
export type Prover = (
  job: Job & { readonly circuit: CircuitName },
  options: Pick<ProveOptions, "onProgress" | "signal">,
) => Promise<ProveGroth16ReturnType>;

export type ProveOptions = {
  /**
   * Location of witness generator and proving key: a package with both in `build`, the address of a folder, or each
   * separately. Their hashes are checked. Pages need it. @default the circuit's package, in Node
   */
  readonly artifacts?: Artifacts;
  /**
   * Address of `@benefit-grid/circuits/dist/worker.script.js` on the page's server, for a Content-Security-Policy without
   * `worker-src blob:`. For pages only. @default a blob of the script in `@benefit-grid/circuits`
   */
  readonly worker?: string | URL;
  /** Receives the stage and the finished part of the work, 0 to 1, an estimate. */
  readonly onProgress?: (stage: Stage, fraction: number) => void;
  /** Stops the work. */
  readonly signal?: AbortSignal;
  /**
   * Does the work instead of the SDK's prover, for example in a native program. It checks the hashes of the files itself.
   * @default the SDK's
   */
  readonly prover?: Prover;
};

/** Checks the result's public signals, whoever proved. */
export async function prove(
  circuit: CircuitName,
  input: Job["input"],
  expected: readonly bigint[],
  { artifacts, onProgress, signal, worker, prover }: ProveOptions,
): Promise<Proof> {
  signal?.throwIfAborted();
  const job = { circuit, ...artifactsOf(circuit, artifacts), input };
  const { proof, publicSignals } = await (prover
    ? prover(job, { onProgress, signal })
    : proveInThread(job, { onProgress, signal, worker }));
  if (publicSignals.join() !== expected.join()) throw new ProofMismatchError(expected, publicSignals);
  return proof;
}

async function proveInThread(
  job: Job,
  { onProgress, signal, worker }: Pick<ProveOptions, "onProgress" | "signal" | "worker">,
): Promise<ProveGroth16ReturnType> {
  const thread = await startThread(worker);
  try {
    return await answerOf(thread, job, onProgress, signal);
  } finally {
    await thread.end();
  }
}

/** Listens to the thread until the proof, a failure or the abort. */
async function answerOf(
  thread: Thread,
  job: Job,
  onProgress: ProveOptions["onProgress"],
  signal: AbortSignal | undefined,
): Promise<ProveGroth16ReturnType> {
  let abort = () => {};
  const answer = new Promise<ProveGroth16ReturnType>((resolve, reject) => {
    abort = () => reject(signal?.reason);
    const hear = (message: Message) => {
      if (message.kind === "failed") reject(errorOf(message.failure));
      else if (message.kind === "proven") resolve(message);
      else attempt(() => onProgress?.(message.stage, message.fraction), reject);
    };
    thread.listen(hear, (error) => reject(new ProvingError(error.message, error)));
  });
  signal?.addEventListener("abort", abort);
  thread.send(job);
  return await answer.finally(() => signal?.removeEventListener("abort", abort));
}

/** Without this, an exception of the caller's function would be lost. */
function attempt(action: () => void, fail: (error: unknown) => void): void {
  try {
    action();
  } catch (error) {
    fail(error);
  }
}

function errorOf({ name, args }: Failure): Error {
  if (name === "ArtifactNotFoundError") return new ArtifactNotFoundError(...args);
  if (name === "ArtifactHashMismatchError") return new ArtifactHashMismatchError(...args);
  return new ProvingError(args[0] as string);
}

import { startThread } from "#thread";
import { ArtifactHashMismatchError, ArtifactNotFoundError, ProofMismatchError } from "../errors.ts";
import type { Proof } from "../shared/proof.ts";
import { type Artifacts, artifactsOf, type CircuitName } from "./artifacts.ts";
import type { ProveGroth16ReturnType } from "./groth16.ts";
import type { Failure, Job, Message, Stage } from "./messages.ts";
import type { Thread } from "./thread.ts";

export type ProveOptions = {
  /**
   * Where witness generator and proving key come from: a package that has them in `build` (`@benefit-grid/circuits`
   * unless given), the URL of a folder, or each by itself. Their hashes are checked.
   */
  readonly artifacts?: Artifacts;
  /** Hears what goes on, and how much of the work is done: 0 to 1, an estimate. */
  readonly onProgress?: (stage: Stage, fraction: number) => void;
  /** Ends the work. */
  readonly signal?: AbortSignal;
};

/** Proves in a thread of its own, and does not return what no verifier would take. */
export async function prove(
  circuit: CircuitName,
  input: Job["input"],
  expected: readonly bigint[],
  { artifacts, onProgress, signal }: ProveOptions,
): Promise<Proof> {
  signal?.throwIfAborted();
  const job = { ...artifactsOf(circuit, artifacts), input };
  const thread = startThread();
  try {
    const { proof, publicSignals } = await answerOf(thread, job, onProgress, signal);
    if (publicSignals.join() !== expected.join()) throw new ProofMismatchError(expected, publicSignals);
    return proof;
  } finally {
    await thread.end();
  }
}

/** Hears the thread until it is done, or until nobody wants it to go on. */
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
    thread.listen(hear, reject);
  });
  signal?.addEventListener("abort", abort);
  thread.send(job);
  return await answer.finally(() => signal?.removeEventListener("abort", abort));
}

/** An exception of the caller's function would otherwise be nobody's. */
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
  return new Error(`The proof failed: ${args[0]}`);
}

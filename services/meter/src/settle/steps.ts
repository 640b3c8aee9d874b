import { ContractRevertError, InvalidParameterError } from "@benefit-grid/sdk";
import { FeeLimitError } from "../errors.ts";
import { vouchersOf } from "../store/rows.ts";
import type { StoredBatch, StoredTransaction } from "../store/store.ts";
import { type BatchCall, callOf } from "./calls.ts";
import { isBatchSettled } from "./chain.ts";
import type { Context, Head } from "./context.ts";
import { drop, reject } from "./reject.ts";
import { cancels, type Outcome } from "./transactions.ts";

/** A settlement that the node shows and denies at once is given up this many confirmations later. */
const PATIENCE = 10;

/** Takes batches one state further. Each step can be repeated after a crash. */
export function createSteps(context: Context, ownTransactions: () => Promise<StoredTransaction[]>) {
  const { client, store, queue, rules, report, transactions, keepLease } = context;

  /** Sends a batch that is ready. Otherwise sees that it gets ready. */
  async function advance(batch: StoredBatch, head: Head): Promise<void> {
    if (batch.mode === "private" && head.isRetired && !rules.allowRetired) {
      await drop(context, batch, "the ledger is retired, and `allowRetired` is off");
    } else if (batch.mode === "private" && batch.state === "formed" && !head.isRetired) {
      await queue.send(batch.id);
    } else await send(batch, head);
  }

  async function send(batch: StoredBatch, head: Head): Promise<void> {
    if (await isBatchSettled(client, batch)) return await finish(batch, undefined);
    const call = await acceptable(batch, head);
    if (!call) return;
    const nonce = await transactions.nextNonce(await ownTransactions());
    const transaction = await transactions.sign(await call.prepare(), nonce);
    await keepLease();
    const change = { state: "sent", transactions: [transaction] } as const;
    if (await store.changeBatch(batch.id, batch.state, change)) await broadcast(batch, [transaction]);
  }

  /** The batch's call, or undefined once the batch is dropped, because the ledger would refuse it. */
  async function acceptable(batch: StoredBatch, head: Head): Promise<BatchCall | undefined> {
    try {
      const call = callOf(context, batch, head);
      await call.simulate();
      return call;
    } catch (error) {
      if (error instanceof ContractRevertError) await reject(context, batch, error);
      else if (error instanceof InvalidParameterError) await refuse(batch, error.message);
      else throw error;
      return undefined;
    }
  }

  /** Asks the chain about a batch that was sent. */
  async function follow(batch: StoredBatch, head: Head): Promise<void> {
    const outcome = await transactions.outcome(batch.transactions, head.number);
    if (outcome.state === "confirming") return;
    if (outcome.state === "pending") return await push(batch, outcome, head);
    const isSettled = await isBatchSettled(client, batch);
    if (outcome.state === "mined") await conclude(batch, outcome, isSettled, head);
    else if (isSettled) await finish(batch, undefined);
    else await takeBack(batch);
  }

  async function conclude(
    batch: StoredBatch,
    { receipt, cancels: isCancel }: Extract<Outcome, { state: "mined" }>,
    isSettled: boolean,
    head: Head,
  ): Promise<void> {
    const isSuccess = receipt.status === 1 && !isCancel;
    if (isSettled) return await finish(batch, isSuccess ? receipt.hash : undefined);
    if (isCancel) return await takeBack(batch);
    if (!isSuccess) return await explain(batch, receipt.hash, head);
    // The node is inconsistent, or another meter program settles the same licenses.
    const problem = `transaction ${receipt.hash} succeeded, but the ledger has another usage`;
    if (head.number - receipt.blockNumber < PATIENCE * rules.confirmations) throw new Error(problem);
    await drop(context, batch, problem);
  }

  /** After a revert. A batch that only waits for better times keeps its proof. */
  async function explain(batch: StoredBatch, hash: string, head: Head): Promise<void> {
    try {
      if (await acceptable(batch, head)) await refuse(batch, `transaction ${hash} reverted`);
    } catch (error) {
      if (!(error instanceof ContractRevertError)) throw error;
      await takeBack(batch);
    }
  }

  /** Keeps a waiting transaction alive, and replaces it when it waits for long. */
  async function push(
    batch: StoredBatch,
    { isNext }: Extract<Outcome, { state: "pending" }>,
    head: Head,
  ): Promise<void> {
    const last = batch.transactions.at(-1) as StoredTransaction;
    await keepLease();
    await transactions.keepAlive(last);
    if (!isNext || Date.now() - last.sentAt < rules.replaceAfter) return;
    const replacement = await transactions.replacement(last, await callAgain(batch, last, head));
    if (!replacement) throw new FeeLimitError(last.nonce, rules.maxFeePerGas);
    await keepLease();
    const attempts = [...batch.transactions, replacement];
    if (await store.changeBatch(batch.id, "sent", { transactions: attempts }))
      await broadcast(batch, attempts);
  }

  /** Undefined if the batch would be refused by now: its nonce goes to an empty transaction. */
  async function callAgain(batch: StoredBatch, last: StoredTransaction, head: Head) {
    if (cancels(last)) return undefined;
    try {
      const call = callOf(context, batch, head);
      await call.simulate();
      return await call.prepare();
    } catch (error) {
      if (error instanceof ContractRevertError) return undefined;
      throw error;
    }
  }

  async function broadcast({ id }: StoredBatch, attempts: readonly StoredTransaction[]): Promise<void> {
    const last = attempts.at(-1) as StoredTransaction;
    const { hash, nonce } = last;
    report({
      kind: "sent",
      batchId: id,
      hash,
      nonce,
      attempt: attempts.length,
      cancels: cancels(last),
    });
    await transactions.broadcast(last);
  }

  /** None of its transactions can be mined any more, so it gets a new nonce. */
  async function takeBack({ id, proof, mode, transactions: attempts }: StoredBatch): Promise<void> {
    const state = mode === "private" && proof !== undefined ? "proved" : "formed";
    await store.changeBatch(id, "sent", { state, transactions: [] });
    report({ kind: "takenBack", batchId: id, nonce: (attempts[0] as StoredTransaction).nonce });
  }

  async function refuse(batch: StoredBatch, reason: string): Promise<void> {
    const until = Date.now() + rules.holdFor;
    for (const { licenseId, units } of vouchersOf(batch)) {
      await store.hold({ kind: "license", id: licenseId, until, units, reason });
      report({ kind: "held", licenseId, reason, until });
    }
    await drop(context, batch, reason);
  }

  async function finish({ id }: StoredBatch, hash: string | undefined): Promise<void> {
    await store.settleBatch(id, hash);
    report({ kind: "settled", batchId: id, hash });
  }

  return { advance, follow };
}

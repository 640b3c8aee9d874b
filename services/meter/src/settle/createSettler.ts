import { randomUUID } from "node:crypto";
import { type Client, InvalidParameterError } from "@benefit-grid/sdk";
import { createVoucherVerifier } from "@benefit-grid/sdk/meter";
import { LeaseLostError, LedgerRetiredError } from "../errors.ts";
import { readOffers, type ServedOffer } from "../gateway/license.ts";
import type { Store, StoredBatch, StoredTransaction } from "../store/store.ts";
import { audit } from "./audit.ts";
import { type Context, DEFAULT_RULES, type SettleRules } from "./context.ts";
import { createDeadlines } from "./deadlines.ts";
import { createFormer } from "./form.ts";
import { createGapFiller } from "./gaps.ts";
import { createHead } from "./head.ts";
import { createProver, type ProveBatch } from "./prover.ts";
import type { JobQueue } from "./queue.ts";
import type { Reporter } from "./report.ts";
import { createSigners } from "./signers.ts";
import { createSteps } from "./steps.ts";
import { pause } from "./storeQueue.ts";
import { createTransactions } from "./transactions.ts";

/** Pause between two looks at recent settlements, milliseconds. */
const AUDIT_EVERY = 300_000;
/** Longest pause after failures, milliseconds. */
const MAX_PAUSE = 300_000;

export type CreateSettlerParameters = Partial<SettleRules> & {
  /** Its `runner` signs here, with the operator's key: an ethers `Wallet` or another one with `signTransaction`. */
  readonly client: Client;
  readonly store: Store;
  /** Offers of one meter. At least one. */
  readonly offers: readonly bigint[];
  readonly queue: JobQueue;
  /** Whether this process proves too. @default true */
  readonly proves?: boolean;
  /** @default proveBatch */
  readonly prove?: ProveBatch;
  /** Pause between two rounds of work, milliseconds. @default 4,000 */
  readonly interval?: number;
  /** Another settler takes over this long after this one died, milliseconds. @default 60,000 */
  readonly leaseFor?: number;
  readonly onReport?: Reporter;
};

/** "standby": another settler has the operator's key. */
export type RoundResult = "done" | "standby" | "failed";

export type Settler = {
  /** One round of work. Never throws: what failed is reported, and the next round continues. */
  readonly round: () => Promise<RoundResult>;
  /** Works until `close`. */
  readonly start: () => void;
  /** Ends the round under way. Leaves queue and store open. */
  readonly close: () => Promise<void>;
};
export type CreateSettlerReturnType = Settler;

/**
 * Settles a store's vouchers by itself: batches, proofs, transactions and their confirmation. What it does is stored
 * first, so it continues after any stop. Several settlers may share a store: one of them works.
 *
 * @throws {@link InvalidParameterError} without an offer or a signer
 * @throws {@link OfferNotServedError} for an offer of another ledger or meter
 * @example
 * ```ts
 * const settler = await createSettler({ client, store, offers: [offerId], queue: createStoreQueue({ store }) });
 * settler.start();
 * ```
 */
export async function createSettler(parameters: CreateSettlerParameters): Promise<CreateSettlerReturnType> {
  const { client, store, queue, interval = 4_000, leaseFor = 60_000 } = parameters;
  const report: Reporter = parameters.onReport ?? (() => undefined);
  const rules = rulesOf(parameters);
  const offers = await readOffers(client, checkedOffers(parameters.offers));
  const meterId = ([...offers.values()][0] as ServedOffer).meterId;
  const onError = (error: unknown) => report({ kind: "error", error });
  const transactions = await createTransactions({ client, ...rules, onError });
  const { verify } = await createVoucherVerifier({
    chainId: client.chainId,
    ledger: client.addresses.UsageLedger,
  });
  const holder = randomUUID();
  const lease = () => store.lease(`operator ${transactions.address}`, holder, leaseFor);
  const keepLease = async () => {
    if (!(await lease())) throw new LeaseLostError(transactions.address);
  };
  const context: Context = {
    client,
    store,
    queue,
    offers,
    meterId,
    rules,
    verify,
    transactions,
    report,
    keepLease,
  };
  const deadlines = createDeadlines(context);
  const form = createFormer(context, deadlines);
  const signers = createSigners(context, deadlines);
  const own = async () => [...sentOf(await store.batchesUnderWay()), ...signers.transactions()];
  const steps = createSteps(context, own);
  const readHead = createHead(context);
  const fillGap = createGapFiller(context);
  const stop = new AbortController();
  let working: Promise<void> | undefined;
  let auditedAt = -AUDIT_EVERY;
  let isOk = true;

  async function attempt(work: () => Promise<void>, batchId?: string): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      isOk = false;
      report({ kind: "error", error, ...(batchId !== undefined && { batchId }) });
    }
  }

  async function work(): Promise<void> {
    const head = await readHead();
    const sent = (await store.batchesUnderWay()).filter(({ state }) => state === "sent");
    for (const batch of sent) await attempt(() => steps.follow(batch, head), batch.id);
    await attempt(() => fillGap(sent));
    if (!head.isBehind) {
      await attempt(() => auditNow());
      await attempt(() => signers.step(head, own));
      await attempt(() => form(head));
    }
    for (const batch of await store.batchesUnderWay()) {
      if (batch.state === "sent" || stop.signal.aborted) continue;
      if (sentOf(await store.batchesUnderWay()).length >= rules.maxInFlight) break;
      await keepLease();
      await attempt(() => steps.advance(batch, head), batch.id);
    }
    if (head.isRetired && !rules.allowRetired) onRetired();
  }

  async function auditNow(): Promise<void> {
    if (performance.now() - auditedAt < AUDIT_EVERY) return;
    await audit(context);
    auditedAt = performance.now();
  }

  const onRetired = once(() => onError(new LedgerRetiredError()));

  async function round(): Promise<RoundResult> {
    isOk = true;
    try {
      if (!(await lease())) return "standby";
      await work();
    } catch (error) {
      isOk = false;
      onError(error);
    }
    return isOk ? "done" : "failed";
  }

  async function loop(): Promise<void> {
    let failures = 0;
    while (!stop.signal.aborted) {
      failures = (await round()) === "failed" ? failures + 1 : 0;
      // Jitter keeps many settlers from asking a node that comes back all at once.
      const backOff = Math.min(interval * 2 ** Math.min(failures, 10), MAX_PAUSE);
      await pause(failures === 0 ? interval : backOff * (0.5 + Math.random() / 2), stop.signal);
    }
  }

  return Object.freeze({
    round,
    start: () => {
      if (parameters.proves !== false) {
        const handler = createProver({ ...parameters, meterId, onReport: report });
        queue.work(handler).catch(onError);
      }
      working ??= loop();
    },
    close: async () => {
      stop.abort();
      await working;
    },
  });
}

/** The last transaction of each batch sent. */
function sentOf(batches: readonly StoredBatch[]): StoredTransaction[] {
  return batches.flatMap(({ state, transactions }) => (state === "sent" ? transactions.slice(-1) : []));
}

function checkedOffers(offers: readonly bigint[]): readonly bigint[] {
  if (offers.length > 0) return offers;
  throw new InvalidParameterError("offers", "is empty", "Pass at least one offer");
}

function rulesOf(parameters: Partial<SettleRules>): SettleRules {
  const given = Object.keys(DEFAULT_RULES).flatMap((name) => {
    const value = parameters[name as keyof SettleRules];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...DEFAULT_RULES, ...Object.fromEntries(given) };
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

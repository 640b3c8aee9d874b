import { setTimeout as pause } from "node:timers/promises";
import { createProver, createSettler, createStoreQueue, type StoredBatch } from "@benefit-grid/meter";
import type { Sent } from "@benefit-grid/sdk";
import { type Batch, buildBatch, describeAnonymity } from "@benefit-grid/sdk/proofs";
import type { Catalog } from "../parties/catalog.ts";
import type { Service } from "../parties/service.ts";
import { formatInteger, plural } from "../report/amounts.ts";
import type { Printer, Progress } from "../report/console.ts";
import { LONE, sum } from "../report/model.ts";
import type { Gas } from "./gas.ts";

/** The use to settle, in the names of steps. */
type Use = "paid" | "free";
type Run = { readonly printer: Printer; readonly gas: Gas };

/** Every voucher is urgent, so it is settled at once, a lone one too. The report warns of that. */
const RULES = {
  urgency: 1n << 63n,
  allowLone: true,
  maxPrivateRows: 16,
  maxPrivateOffers: 4,
  confirmations: 1,
};
/** Pause between two looks at the chain, milliseconds. */
const LOOK_EVERY = 50;

/** A batch of the meter's store, as the chain sees it. */
type Formed = { readonly id: string; readonly batch: Batch };

/**
 * Settles all vouchers by the meter's settler. Offers with several licenses share a proof; a lone license gets one of its
 * own. Returns sentences on how many licenses share a total.
 */
export async function settle(
  { printer, gas }: Run,
  catalog: Catalog,
  service: Service,
  use: Use,
): Promise<string[]> {
  const { store } = service;
  const work = await createWork(catalog, service);
  await work();
  const formed = (await store.batchesUnderWay()).map((stored) => read(catalog, stored));
  const batches = formed.map(({ batch }) => batch);
  await printer.step(
    `prove the ${use} use`,
    (progress) => prove(catalog, service, formed, progress),
    () => `${count(batches.length, "proof")} for ${describeSize(batches)}`,
  );
  await printer.step(
    `settle the ${use} use`,
    async () => {
      for (; (await store.batchesUnderWay()).length > 0; await pause(LOOK_EVERY)) await work();
      for (const { id, batch } of formed) {
        const sent = sentOf(catalog, await store.batch(id));
        await gas.count("settle vouchers with a proof", sent, licensesOf([batch]));
      }
    },
    () => `${formatInteger(unitsOf(batches))} tokens in ${count(batches.length, "transaction")}`,
  );
  return describe(batches);
}

/** One round of the meter's settler: it forms batches, sends the proved ones, and follows them. */
async function createWork({ operator: { client } }: Catalog, { store, offerIds }: Service) {
  const failures: unknown[] = [];
  const settler = await createSettler({
    client,
    store,
    offers: offerIds,
    queue: createStoreQueue({ store }),
    ...RULES,
    onReport: (report) => {
      if (report.kind === "error") failures.push(report.error);
    },
  });
  return async (): Promise<void> => {
    if ((await settler.round()) !== "done") throw failures[0];
  };
}

/** Does the proving jobs here, where their progress is shown. */
async function prove(
  { operator: { client }, meterId }: Catalog,
  { store }: Service,
  formed: readonly Formed[],
  progress: Progress,
): Promise<void> {
  const work = createProver({
    client,
    store,
    meterId,
    onReport: (report) => {
      if (report.kind === "proving") progress(`${report.stage}, ${Math.round(100 * report.fraction)} %`);
    },
  });
  for (const { id } of formed) await work(id, new AbortController().signal);
}

function read({ operator: { client }, meterId }: Catalog, { id, mode, offers }: StoredBatch): Formed {
  if (mode !== "private") throw new TypeError(`Batch ${id} is open.`);
  const { chainId, addresses } = client;
  const parameters = { chainId, ledger: addresses.UsageLedger, meterId, offers, allowLone: true };
  return { id, batch: buildBatch(parameters) };
}

/** @throws if the settler gave the batch up */
async function sentOf({ operator }: Catalog, stored: StoredBatch | undefined): Promise<Sent> {
  const hash = stored?.hash as Sent["hash"] | undefined;
  const receipt = hash && (await operator.client.provider.getTransactionReceipt(hash));
  if (!receipt) throw new Error(`A batch was not settled: ${stored?.reason}.`);
  return { hash, receipt };
}

function describe(batches: readonly Batch[]): string[] {
  const isLone = batches.some(({ anonymity }) => anonymity.some(({ rows }) => rows === 1));
  return [...batches.flatMap((batch) => describeAnonymity(batch).split("\n")), ...(isLone ? [LONE] : [])];
}

function describeSize(batches: readonly Batch[]): string {
  const offers = batches.flatMap((batch) => batch.offers);
  return `${plural(licensesOf(batches), "license")} of ${plural(offers.length, "offer")}`;
}

const licensesOf = (batches: readonly Batch[]): number =>
  batches.flatMap(({ offers }) => offers.flatMap(({ rows }) => rows)).length;

const unitsOf = (batches: readonly Batch[]): bigint =>
  sum(batches.flatMap(({ offers }) => offers.map(({ units }) => units)));

const count = (number: number, noun: string): string => (number === 1 ? `one ${noun}` : plural(number, noun));

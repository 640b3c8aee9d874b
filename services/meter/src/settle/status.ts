import type { Client } from "@benefit-grid/sdk";
import { Contract, formatUnits } from "ethers";
import { readLicense, readOffers, type ServedOffer } from "../gateway/license.ts";
import type { Hold, OfferBacklog, Store, StoredBatch, UnsettledAccount } from "../store/store.ts";
import { increaseOf, worthOf } from "./due.ts";

/**
 * Why units are unsettled.
 *
 * - `age`: the offer's vouchers are new and few
 * - `company`: a private voucher waits for a second license of its offer
 * - `proof`: a batch is to be proved
 * - `sending`: a batch is ready and not sent
 * - `confirmation`: a transaction is sent and not final
 * - `next`: newer vouchers of licenses in a batch
 * - `release failed`: the ledger could not release the offer's payment
 * - `held`: a license was refused and is tried again
 * - `lost`: its voucher can never be settled
 * - `credit`: units served without a voucher yet
 */
export type UnsettledReason =
  | "age"
  | "company"
  | "proof"
  | "sending"
  | "confirmation"
  | "next"
  | "release failed"
  | "held"
  | "lost"
  | "credit";

export type Unsettled = {
  readonly offerId: bigint;
  readonly why: UnsettledReason;
  readonly licenses: number;
  readonly units: bigint;
  /** Base units of the offer's currency, rounded down. */
  readonly value: bigint;
  readonly currency: Currency;
  /** Milliseconds since 1970. Undefined if unknown. */
  readonly since: number | undefined;
  /** More for the operator: a transaction's hash, an error, or the last moment to settle. */
  readonly detail: string | undefined;
};

export type MeterStatus = {
  readonly unsettled: readonly Unsettled[];
  /** All that is owed by currency, without what is lost. */
  readonly owed: readonly { readonly currency: Currency; readonly value: bigint }[];
};

export type Currency = {
  readonly token: `0x${string}`;
  readonly symbol: string;
  readonly decimals: number;
};

export type StatusOfParameters = {
  readonly client: Client;
  readonly store: Store;
  /** Offers of one meter. */
  readonly offers: readonly bigint[];
};

/** Accounts looked at, at most. */
const LIMIT = 100_000;

type Part = Omit<Unsettled, "value" | "currency">;

/**
 * What is unsettled, why, and what it is worth.
 *
 * @throws {@link OfferNotServedError} for an offer of another ledger or meter
 * @example
 * ```ts
 * console.log(formatStatus(await statusOf({ client, store, offers: [offerId] })));
 * ```
 */
export async function statusOf({ client, store, offers }: StatusOfParameters): Promise<StatusOfReturnType> {
  const served = await readOffers(client, offers);
  const [totals, waiting, batches, holds] = await Promise.all([
    store.totals(),
    store.unsettled(LIMIT),
    store.batchesUnderWay(),
    store.holds(),
  ]);
  const known = [
    ...(await partsOfWaiting(client, served, waiting)),
    ...(await Promise.all(batches.map((batch) => partsOfBatch(store, batch)))).flat(),
    ...(await partsOfHolds(store, holds)),
  ];
  const parts = [...known, ...totals.flatMap((total) => rest(total, known, holds))];
  const currencies = await readCurrencies(client, served);
  const unsettled = [...parts].sort(order).flatMap((part) => {
    const offer = served.get(part.offerId);
    const currency = offer && currencies.get(offer.currency);
    return currency && part.units > 0n ? [{ ...part, value: worthOf(offer, part.units), currency }] : [];
  });
  const owed = [...currencies.values()].map((currency) => {
    const due = unsettled.filter((one) => one.currency === currency && one.why !== "lost");
    return { currency, value: due.reduce((sum, { value }) => sum + value, 0n) };
  });
  return { unsettled, owed };
}
export type StatusOfReturnType = MeterStatus;

function order(a: Part, b: Part): number {
  if (a.offerId !== b.offerId) return a.offerId < b.offerId ? -1 : 1;
  return (a.since ?? 0) - (b.since ?? 0);
}

/** Vouchers that no batch has. Covers are owed nothing, but are company. */
async function partsOfWaiting(
  client: Client,
  served: ReadonlyMap<bigint, ServedOffer>,
  waiting: readonly UnsettledAccount[],
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const offerId of new Set(waiting.map((account) => account.offerId))) {
    const accounts = waiting.filter((account) => account.offerId === offerId);
    const owed = accounts.filter((account) => increaseOf(account) > 0n);
    const [first] = owed;
    if (!first) continue;
    const isLone = served.get(offerId)?.mode === "private" && accounts.length === 1;
    parts.push({
      offerId,
      why: isLone ? "company" : "age",
      licenses: owed.length,
      units: sumOf(owed.map(increaseOf)),
      since: Math.min(...owed.map(({ waitingSince }) => waitingSince)),
      detail: isLone ? await deadlineOf(client, served, first.licenseId) : undefined,
    });
  }
  return parts;
}

async function deadlineOf(
  client: Client,
  served: ReadonlyMap<bigint, ServedOffer>,
  licenseId: bigint,
): Promise<string> {
  const license = await readLicense(client, served, licenseId);
  if (!license) return `license ${licenseId} is closed`;
  return `license ${licenseId}, settle by ${dateOf(Number(license.settleBy) * 1_000)}`;
}

async function partsOfBatch(store: Store, batch: StoredBatch): Promise<Part[]> {
  const { mode, state, transactions, createdAt } = batch;
  const isUnproved = mode === "private" && state === "formed";
  const why = state === "sent" ? "confirmation" : isUnproved ? "proof" : "sending";
  const since = transactions[0]?.sentAt ?? createdAt;
  const detail = transactions.at(-1)?.hash ?? `batch ${batch.id}`;
  return await Promise.all(
    batch.offers.map(async (offer) => {
      const { offerId } = offer;
      const vouchers = "vouchers" in offer ? offer.vouchers : offer.rows.map(({ voucher }) => voucher);
      const accounts = await Promise.all(vouchers.map(({ licenseId }) => store.account(licenseId)));
      const increases = vouchers.map(({ units }, i) => units - (accounts[i]?.settled.units ?? 0n));
      return { offerId, why, licenses: vouchers.length, units: sumOf(increases), since, detail } as const;
    }),
  );
}

async function partsOfHolds(store: Store, holds: readonly Hold[]): Promise<Part[]> {
  const held = new Set(holds.flatMap(({ kind, id }) => (kind === "offer" ? [id] : [])));
  const parts = await Promise.all(
    holds.map(async ({ kind, id, units: heldUnits, reason }) => {
      const account = kind === "license" ? await store.account(id) : undefined;
      const voucher = account?.voucher;
      // The whole offer is held, or a newer voucher ended this hold.
      if (!voucher || held.has(account.offerId) || voucher.units > (heldUnits ?? voucher.units)) return [];
      const units = voucher.units - account.settled.units;
      const why = reason.startsWith("lost") ? "lost" : "held";
      const detail = `license ${id}: ${reason}`;
      return [{ offerId: account.offerId, why, licenses: 1, units, since: undefined, detail } as const];
    }),
  );
  return parts.flat();
}

/** What the other parts of an offer leave of its total. */
function rest(
  { offerId, licenses, units, credit, waitingSince }: OfferBacklog,
  known: readonly Part[],
  holds: readonly Hold[],
): Part[] {
  const parts = known.filter((part) => part.offerId === offerId);
  const hold = holds.find(({ kind, id }) => kind === "offer" && id === offerId);
  const left = units - sumOf(parts.map((part) => part.units));
  const others = Math.max(0, licenses - parts.reduce((sum, part) => sum + part.licenses, 0));
  const why = hold ? "release failed" : "next";
  const since = hold ? waitingSince : undefined;
  return [
    { offerId, why, licenses: others, units: left, since, detail: hold?.reason },
    { offerId, why: "credit", licenses: 0, units: credit, since: undefined, detail: undefined },
  ];
}

const ERC20 = ["function symbol() view returns (string)", "function decimals() view returns (uint8)"];

async function readCurrencies(
  client: Client,
  served: ReadonlyMap<bigint, ServedOffer>,
): Promise<ReadonlyMap<string, Currency>> {
  const tokens = new Set([...served.values()].map(({ currency }) => currency));
  const currencies = await Promise.all(
    [...tokens].map(async (token) => {
      const contract = new Contract(token, ERC20, client.provider);
      const [symbol, decimals] = await Promise.all([
        contract.getFunction("symbol")(),
        contract.getFunction("decimals")(),
      ]);
      return [token, { token, symbol: String(symbol), decimals: Number(decimals) }] as const;
    }),
  );
  return new Map(currencies);
}

function sumOf(list: readonly bigint[]): bigint {
  return list.reduce((sum, one) => sum + one, 0n);
}

/** The status as a table for a terminal. */
export function formatStatus({ unsettled, owed }: MeterStatus): string {
  if (unsettled.length === 0) return "Everything is settled.";
  const head = ["offer", "why", "licenses", "units", "worth", "since", "detail"];
  const rows = unsettled.map(({ offerId, why, licenses, units, value, currency, since, detail }) => [
    offerId.toString(),
    why,
    licenses === 0 ? "" : String(licenses),
    units.toString(),
    amountOf(value, currency),
    since === undefined ? "" : dateOf(since),
    detail ?? "",
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (NUMBERS.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  const sums = owed.map(({ currency, value }) => amountOf(value, currency)).join(", ");
  return [lineOf(head), ...rows.map(lineOf), "", `Unsettled: ${sums}`].join("\n");
}

/** Columns aligned to the right. */
const NUMBERS = [0, 2, 3, 4];

function amountOf(value: bigint, { symbol, decimals }: Currency): string {
  return `${formatUnits(value, decimals)} ${symbol}`;
}

function dateOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

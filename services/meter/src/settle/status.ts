import type { Client } from "@benefit-grid/sdk";
import { readOffers } from "../gateway/license.ts";
import type { Store } from "../store/store.ts";
import { readCurrencies } from "./currencies.ts";
import { worthOf } from "./due.ts";
import { partsOfBatch, partsOfHolds, partsOfRest, partsOfWaiting } from "./statusParts.ts";

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

/** Without its worth. */
export type Part = Omit<Unsettled, "value" | "currency">;

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
  const parts = [...known, ...totals.flatMap((total) => partsOfRest(total, known, holds))];
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

import type { Client } from "@benefit-grid/sdk";
import { readLicense, type ServedOffer } from "../gateway/license.ts";
import type { Hold, OfferBacklog, Store, StoredBatch, UnsettledAccount } from "../store/store.ts";
import { increaseOf } from "./due.ts";
import { dateOf } from "./formatStatus.ts";
import type { Part } from "./status.ts";

/** Vouchers that no batch has. Covers are owed nothing, but are company. */
export async function partsOfWaiting(
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

export async function partsOfBatch(store: Store, batch: StoredBatch): Promise<Part[]> {
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

export async function partsOfHolds(store: Store, holds: readonly Hold[]): Promise<Part[]> {
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
export function partsOfRest(
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

function sumOf(list: readonly bigint[]): bigint {
  return list.reduce((sum, one) => sum + one, 0n);
}

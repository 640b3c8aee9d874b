import {
  type Client,
  type GetUsageReturnType,
  getUsage,
  NotFoundError,
  verifyOpening,
} from "@benefit-grid/sdk";
import type { AnyVoucher, Opening } from "@benefit-grid/sdk/meter";
import { vouchersOf } from "../store/rows.ts";
import type { Account, NewBatch, SettledUsage, Store } from "../store/store.ts";
import type { Reporter } from "./report.ts";

/** Whether a license's usage at the ledger covers a voucher. */
export function isSettledBy(voucher: AnyVoucher, usage: GetUsageReturnType): boolean {
  if (!("usage" in voucher)) return usage.commitment === undefined && usage.units >= voucher.units;
  return usage.commitment !== undefined && BigInt(usage.commitment) === BigInt(voucher.usage);
}

const NO_USE: GetUsageReturnType = { units: 0n, contexts: 0n, commitment: undefined };

/** A license's usage at the ledger. None for a license that a re-organisation removed. */
export async function usageAt(client: Client, licenseId: bigint): Promise<GetUsageReturnType> {
  try {
    return await getUsage(client, { licenseId });
  } catch (error) {
    if (error instanceof NotFoundError) return NO_USE;
    throw error;
  }
}

/** Whether the ledger has every row of a batch. One request of the node. */
export async function isBatchSettled(client: Client, batch: NewBatch): Promise<boolean> {
  const vouchers = vouchersOf(batch);
  const usages = await Promise.all(vouchers.map(({ licenseId }) => usageAt(client, licenseId)));
  return vouchers.every((voucher, i) => isSettledBy(voucher, usages[i] as GetUsageReturnType));
}

/**
 * Replaces an account's settled usage by the ledger's, if they differ. In private mode the ledger has a commitment: one
 * of the license's stored vouchers opens it. Returns the settled usage, or undefined if no voucher opens it.
 */
export async function correctAccount(
  store: Store,
  report: Reporter,
  account: Account,
  usage: GetUsageReturnType,
): Promise<SettledUsage | undefined> {
  const { licenseId, settled } = account;
  const actual = await openedUsage(store, account, usage);
  if (!actual || isSame(actual, settled)) return actual;
  await store.correct(licenseId, actual);
  report({ kind: "corrected", licenseId, units: actual.units });
  return actual;
}

async function openedUsage(
  store: Store,
  { licenseId, settled, voucher }: Account,
  usage: GetUsageReturnType,
): Promise<SettledUsage | undefined> {
  const { commitment } = usage;
  if (commitment === undefined) return { units: usage.units, contexts: usage.contexts };
  const opens = (one: SettledUsage): one is Opening =>
    one.salt !== undefined && verifyOpening({ ...openingOf(one as Opening), licenseId, usage: commitment });
  if (opens(settled)) return settled;
  if (voucher && opens(voucher as SettledUsage)) return openingOf(voucher as unknown as Opening);
  const batches = await store.history(licenseId);
  const past = batches.flatMap((batch) => [
    ...vouchersOf(batch).filter((one) => one.licenseId === licenseId),
    ...oldOpeningsOf(batch, licenseId),
  ]);
  const found = past.find((one) => opens(one as SettledUsage));
  return found && openingOf(found as unknown as Opening);
}

function oldOpeningsOf(batch: NewBatch, licenseId: bigint): Opening[] {
  if (batch.mode === "open") return [];
  const rows = batch.offers.flatMap((offer) => offer.rows);
  return rows.flatMap(({ voucher, oldOpening }) =>
    voucher.licenseId === licenseId && oldOpening ? [oldOpening] : [],
  );
}

export function openingOf({ units, contexts, salt }: Opening): Opening {
  return { units, contexts, salt };
}

function isSame(a: SettledUsage, b: SettledUsage): boolean {
  return a.units === b.units && a.contexts === b.contexts && a.salt === b.salt;
}

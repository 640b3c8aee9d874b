import type { AnyVoucher } from "@benefit-grid/sdk/meter";
import { fromJson } from "./json.ts";
import type { Row, Value } from "./sql.ts";
import type { Account, NewBatch, SettledUsage, StoredBatch, UnsettledAccount } from "./store.ts";

/** An account of its row. */
export function accountOf(row: Row): Account {
  return accountWith(row, voucherOf(row));
}

/** An account of its row without the voucher's columns. */
export function accountWith(row: Row, voucher: AnyVoucher | undefined): Account {
  const { license_id: licenseId, offer_id: offerId, used } = row as Readonly<Record<string, bigint>>;
  return { licenseId, offerId, used, voucher, settled: settledOf(row) } as Account;
}

export function unsettledOf(row: Row): UnsettledAccount {
  const voucher = voucherOf(row) as AnyVoucher;
  return { ...accountOf(row), voucher, waitingSince: Number(row.waiting_since) };
}

function settledOf({ settled_units, settled_contexts, settled_salt }: Row): SettledUsage {
  const usage = { units: settled_units as bigint, contexts: settled_contexts as bigint };
  return settled_salt === null ? usage : { ...usage, salt: BigInt(settled_salt as string) };
}

function voucherOf(row: Row): AnyVoucher | undefined {
  if (row.voucher_units === null) return undefined;
  const voucher = {
    licenseId: row.license_id as bigint,
    units: row.voucher_units as bigint,
    contexts: row.voucher_contexts as bigint,
    signature: row.voucher_signature as `0x${string}`,
  };
  if (row.voucher_usage === null) return voucher;
  return { ...voucher, usage: row.voucher_usage as `0x${string}`, salt: BigInt(row.voucher_salt as string) };
}

/** Columns of a voucher: units, contexts, signature, usage, salt. Nulls without one. */
export function voucherValues(voucher: AnyVoucher | undefined): Value[] {
  if (!voucher) return [null, null, null, null, null];
  const { units, contexts, signature } = voucher;
  const opening = "usage" in voucher ? [voucher.usage, voucher.salt.toString()] : [null, null];
  return [units, contexts, signature, ...opening];
}

export function batchOf(row: Row): StoredBatch {
  const proof = row.proof as string | null;
  const batch = { mode: row.mode, offers: fromJson(row.offers as string) } as NewBatch;
  return {
    ...batch,
    id: row.id as string,
    state: row.state as StoredBatch["state"],
    createdAt: Number(row.created_at),
    proof: proof === null ? undefined : fromJson(proof),
    transactions: fromJson(row.transactions as string),
    hash: (row.hash as string | null) ?? undefined,
    reason: (row.reason as string | null) ?? undefined,
  };
}

/** A batch's vouchers. */
export function vouchersOf(batch: NewBatch): readonly AnyVoucher[] {
  return batch.mode === "open"
    ? batch.offers.flatMap(({ vouchers }) => vouchers)
    : batch.offers.flatMap(({ rows }) => rows.map(({ voucher }) => voucher));
}

/** All transactions lock accounts in this order, so that none waits for another one in turn. */
export function byLicense(a: { readonly licenseId: bigint }, b: { readonly licenseId: bigint }): number {
  if (a.licenseId === b.licenseId) return 0;
  return a.licenseId < b.licenseId ? -1 : 1;
}

import type { AnyVoucher } from "@benefit-grid/sdk/meter";
import type { SettledUsage, StoredBatch } from "../store/store.ts";

/** A license's voucher in a batch, and its place in the ledger's event. */
export function rowOf(
  batch: StoredBatch,
  licenseId: bigint,
): { readonly voucher: AnyVoucher; readonly row: bigint } | undefined {
  if (batch.mode === "open") {
    for (const { vouchers } of batch.offers) {
      const row = vouchers.findIndex((voucher) => voucher.licenseId === licenseId);
      const voucher = vouchers[row];
      if (voucher) return { voucher, row: BigInt(row) };
    }
    return undefined;
  }
  // The ledger's order: by offer, then by license.
  const offers = ascending([...batch.offers], ({ offerId }) => offerId);
  const vouchers = offers.flatMap(({ rows }) =>
    ascending(
      rows.map(({ voucher }) => voucher),
      (voucher) => voucher.licenseId,
    ),
  );
  const row = vouchers.findIndex((voucher) => voucher.licenseId === licenseId);
  const voucher = vouchers[row];
  return voucher && { voucher, row: BigInt(row) };
}

/** Whether a voucher is this usage. */
export function isUsage(voucher: AnyVoucher, { units, contexts, salt }: SettledUsage): boolean {
  const voucherSalt = "salt" in voucher ? voucher.salt : undefined;
  return voucher.units === units && voucher.contexts === contexts && voucherSalt === salt;
}

function ascending<T>(list: readonly T[], key: (one: T) => bigint): T[] {
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

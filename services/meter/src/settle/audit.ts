import type { AnyVoucher } from "@benefit-grid/sdk/meter";
import { vouchersOf } from "../store/rows.ts";
import type { StoredBatch } from "../store/store.ts";
import { correctAccount, isSettledBy, usageAt } from "./chain.ts";
import type { Context } from "./context.ts";

/**
 * Looks whether recent settlements are still on the chain. A re-organisation deeper than the confirmations may have
 * removed one: its accounts are corrected, so that their vouchers are settled again.
 */
export async function audit({ client, store, rules, report }: Context): Promise<void> {
  for (const batch of await store.settledSince(Date.now() - rules.auditFor)) {
    const probe = await newestRow(batch);
    if (!probe) continue;
    const usage = await usageAt(client, probe.licenseId);
    if (isSettledBy(probe, usage)) continue;
    report({ kind: "vanished", batchId: batch.id });
    for (const { licenseId } of vouchersOf(batch)) {
      const account = await store.account(licenseId);
      if (account) await correctAccount(store, report, account, await usageAt(client, licenseId));
    }
  }

  /** A batch settles as a whole, so one row that no later batch settled tells. */
  async function newestRow(batch: StoredBatch): Promise<AnyVoucher | undefined> {
    for (const voucher of vouchersOf(batch)) {
      const account = await store.account(voucher.licenseId);
      const salt = "salt" in voucher ? voucher.salt : undefined;
      if (account?.settled.units === voucher.units && account.settled.salt === salt) return voucher;
    }
    return undefined;
  }
}

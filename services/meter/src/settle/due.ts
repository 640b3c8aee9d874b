import type { ServedOffer } from "../gateway/license.ts";
import type { UnsettledAccount } from "../store/store.ts";
import type { SettleRules } from "./context.ts";

/** Units that an account's voucher adds. 0 for a cover. */
export function increaseOf({ voucher, settled }: UnsettledAccount): bigint {
  return voucher.units - settled.units;
}

/** What units of an offer are worth, base units of its currency, rounded down. */
export function worthOf({ pricePerMillion }: ServedOffer, units: bigint): bigint {
  return (units * pricePerMillion) / 1_000_000n;
}

/** Whether an offer's vouchers should be settled now. */
export function isDue(
  offer: ServedOffer,
  accounts: readonly UnsettledAccount[],
  rules: Pick<SettleRules, "maxRows" | "maxPrivateRows" | "minUnits" | "minValue" | "maxAge">,
  { now, isUrgent }: { now: number; isUrgent: (account: UnsettledAccount) => boolean },
): boolean {
  const owed = accounts.filter((account) => increaseOf(account) > 0n);
  const units = owed.reduce((sum, account) => sum + increaseOf(account), 0n);
  const room = offer.mode === "open" ? rules.maxRows : rules.maxPrivateRows;
  return (
    owed.length >= room ||
    (rules.minUnits !== undefined && units >= rules.minUnits) ||
    (rules.minValue !== undefined && worthOf(offer, units) >= rules.minValue) ||
    owed.some((account) => now - account.waitingSince >= rules.maxAge || isUrgent(account))
  );
}

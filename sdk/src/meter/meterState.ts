import type { AnyVoucher } from "../core/voucher.ts";
import type { MeteredLicense } from "./judgeVoucher.ts";

/** All that a meter remembers, by license id. */
export type MeterState = {
  readonly licenses: Map<bigint, MeteredLicense>;
  /** Newest unsettled vouchers, those that wait longest first. */
  readonly pending: Map<bigint, AnyVoucher>;
};

export function serialize({ licenses, pending }: MeterState): string {
  const lists = { licenses: [...licenses.values()], pending: [...pending.values()] };
  return JSON.stringify(lists, (_key, value) => (typeof value === "bigint" ? value.toString() : value));
}

/** Strings of digits are numbers. */
export function parse(saved: string): MeterState {
  const lists = JSON.parse(saved, (_key, value) =>
    typeof value === "string" && /^\d+$/.test(value) ? BigInt(value) : value,
  );
  return { licenses: byLicense(lists.licenses), pending: byLicense(lists.pending) };
}

function byLicense<T extends { licenseId: bigint }>(list: readonly T[]): Map<bigint, T> {
  return new Map(list.map((one) => [one.licenseId, one]));
}

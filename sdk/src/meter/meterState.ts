import type { Opening } from "../shared/opening.ts";
import type { AnyVoucher, SignedPrivateVoucher } from "../shared/voucher.ts";
import type { MeteredLicense } from "./judgeVoucher.ts";

/** A meter's whole state, by license id. */
export type MeterState = {
  readonly licenses: Map<bigint, MeteredLicense>;
  /** Newest unsettled vouchers, longest waiting first. */
  readonly pending: Map<bigint, AnyVoucher>;
  /** Private vouchers in unsettled batches, even if newer ones came. Only they open what such a batch settles. */
  readonly sent: Map<bigint, readonly SignedPrivateVoucher[]>;
};

export function createState(): MeterState {
  return { licenses: new Map(), pending: new Map(), sent: new Map() };
}

export function serialize({ licenses, pending, sent }: MeterState): string {
  const lists = {
    licenses: [...licenses.values()],
    pending: [...pending.values()],
    sent: [...sent.values()].flat(),
  };
  return JSON.stringify(lists, (_key, value) => (typeof value === "bigint" ? value.toString() : value));
}

/** Converts strings of digits to numbers. */
export function parse(saved: string): MeterState {
  const lists = JSON.parse(saved, (_key, value) =>
    typeof value === "string" && /^\d+$/.test(value) ? BigInt(value) : value,
  );
  const state: MeterState = {
    licenses: byLicense(lists.licenses),
    pending: byLicense(lists.pending),
    sent: new Map(),
  };
  for (const voucher of lists.sent) remember(state, voucher);
  return state;
}

/** Remembers a private voucher of a batch, once. */
export function remember({ sent }: Pick<MeterState, "sent">, voucher: SignedPrivateVoucher): void {
  const { licenseId, usage } = voucher;
  const vouchers = sent.get(licenseId) ?? [];
  if (!vouchers.some((one) => one.usage === usage)) sent.set(licenseId, [...vouchers, voucher]);
}

function byLicense<T extends { licenseId: bigint }>(list: readonly T[]): Map<bigint, T> {
  return new Map(list.map((one) => [one.licenseId, one]));
}

/** Opening of the settled usage word. Undefined in open mode and before the first settlement. */
export function openingOf(license: MeteredLicense | undefined): Opening | undefined {
  if (license?.salt === undefined) return undefined;
  const { units, contexts, salt } = license;
  return { units, contexts, salt };
}

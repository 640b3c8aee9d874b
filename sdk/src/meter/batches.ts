import { checkCount } from "../core/check.ts";
import { ascending } from "../core/lists.ts";
import { LoneRowError } from "../errors.ts";
import type { Opening } from "../shared/opening.ts";
import {
  type AnyVoucher,
  isPrivate,
  type SignedPrivateVoucher,
  type SignedVoucher,
} from "../shared/voucher.ts";
import type { MeteredLicense } from "./judgeVoucher.ts";
import { type MeterState, openingOf, remember } from "./meterState.ts";

/** An operator has this long to act on a lone row, seconds. */
const LAST_CALL = 86_400n;

/** Vouchers of one offer, for `settleOpen`. */
export type VoucherBatch = { readonly offerId: bigint; readonly vouchers: readonly SignedVoucher[] };

/** Private vouchers of one offer, for `buildBatch` and `settleRetired`. */
export type PrivateVoucherBatch = {
  readonly offerId: bigint;
  /** Contexts allowed by the offer's terms. */
  readonly allowedContexts: bigint;
  readonly rows: readonly {
    readonly voucher: SignedPrivateVoucher;
    /** Opening of the license's settled usage word. Undefined before the first settlement. */
    readonly oldOpening: Opening | undefined;
    /** The license's prepaid units. */
    readonly cap: bigint;
  }[];
};

/** A private offer with a single voucher to settle. Its total would publish the license's count. */
export type LoneRow = {
  readonly offerId: bigint;
  readonly licenseId: bigint;
  /** The last moment to settle it, seconds since 1970. */
  readonly settleBy: bigint;
};

export type PrivateBatchLimits = {
  /** Licenses in the batch, at most. */
  readonly maxRows: number;
  /** Offers in the batch, at most. */
  readonly maxOffers: number;
  /** Takes offers with a single voucher too, for `buildBatch` with `allowLone` and for `settleRetired`. @default false */
  readonly allowLone?: boolean;
  /** Offers to leave out, such as one whose `ReleaseFailed`. @default none */
  readonly without?: readonly bigint[];
  /** Time of the next block, seconds since 1970. @default the computer's time */
  readonly now?: bigint;
};

/** The newest open vouchers, without some offers. */
export function batch(state: MeterState, maxRows: number, without: readonly bigint[]): VoucherBatch[] {
  checkCount("maxRows", maxRows, 1);
  const open = [...state.pending.values()].filter((voucher) => !isPrivate(voucher));
  const wanted = open.filter((voucher) => !without.includes(licenseOf(state, voucher).offerId));
  const offers = byOffer(state, wanted.slice(0, maxRows));
  return [...offers].map(([offerId, vouchers]) => ({ offerId, vouchers }));
}

/** The newest private vouchers, covers last. Remembers them, until they are settled. */
export function privateBatch(
  state: MeterState,
  { maxRows, maxOffers, allowLone = false, without = [], now = currentTime() }: PrivateBatchLimits,
): PrivateVoucherBatch[] {
  checkCount("maxRows", maxRows, 1);
  checkCount("maxOffers", maxOffers, 1);
  const isIn = ({ offerId }: { offerId: bigint }) => !without.includes(offerId);
  if (!allowLone) checkLoneRows(loneRows(state).filter(isIn), now);
  const least = allowLone ? 1 : 2;
  const chosen = new Map<bigint, SignedPrivateVoucher[]>();
  const rest = new Set(inOrder(state));
  let room = maxRows;
  for (const [offerId, vouchers] of byOffer(state, inOrder(state))) {
    if (chosen.size === maxOffers || room < least || vouchers.length < least || !isIn({ offerId })) continue;
    const first = vouchers.slice(0, least);
    for (const voucher of first) rest.delete(voucher);
    chosen.set(offerId, first);
    room -= least;
  }
  for (const voucher of rest) {
    if (room === 0) break;
    const vouchers = chosen.get(licenseOf(state, voucher).offerId);
    if (!vouchers) continue;
    vouchers.push(voucher);
    room -= 1;
  }
  return [...chosen].map(([offerId, vouchers]) => {
    const allowedContexts = licenseOf(state, vouchers[0] as SignedPrivateVoucher).allowed;
    return { offerId, allowedContexts, rows: vouchers.map((voucher) => rowOf(state, voucher)) };
  });
}

function currentTime(): bigint {
  return BigInt(Math.floor(Date.now() / 1_000));
}

function rowOf(state: MeterState, voucher: SignedPrivateVoucher): PrivateVoucherBatch["rows"][number] {
  const license = licenseOf(state, voucher);
  remember(state, voucher);
  return { voucher, oldOpening: openingOf(license), cap: license.prepaid };
}

/** Covers are owed nothing, so they may wait without end. */
export function loneRows(state: MeterState): LoneRow[] {
  const lone = [...byOffer(state, inOrder(state))].flatMap(([offerId, [voucher, another]]) => {
    if (!voucher || another || isCover(state, voucher)) return [];
    const { licenseId, settleBy } = licenseOf(state, voucher);
    return [{ offerId, licenseId, settleBy }];
  });
  return ascending(lone, ({ settleBy }) => settleBy);
}

/** Later the use would be free. */
function checkLoneRows(rows: readonly LoneRow[], now: bigint): void {
  const urgent = rows.find(({ settleBy }) => settleBy - LAST_CALL <= now && now <= settleBy);
  if (urgent) throw new LoneRowError(urgent.offerId, urgent.settleBy);
}

function byOffer<V extends AnyVoucher>(state: MeterState, vouchers: readonly V[]): Map<bigint, V[]> {
  const offers = new Map<bigint, V[]>();
  for (const voucher of vouchers) {
    const { offerId } = licenseOf(state, voucher);
    const others = offers.get(offerId);
    if (others) others.push(voucher);
    else offers.set(offerId, [voucher]);
  }
  return offers;
}

function licenseOf({ licenses }: MeterState, { licenseId }: AnyVoucher): MeteredLicense {
  return licenses.get(licenseId) as MeteredLicense;
}

/** Covers last: they earn nothing, so they get only the remaining room. */
function inOrder(state: MeterState): SignedPrivateVoucher[] {
  const vouchers = [...state.pending.values()].filter(isPrivate);
  const isDue = (voucher: SignedPrivateVoucher) => !isCover(state, voucher);
  return [...vouchers.filter(isDue), ...vouchers.filter((voucher) => isCover(state, voucher))];
}

function isCover(state: MeterState, voucher: SignedPrivateVoucher): boolean {
  return voucher.units === licenseOf(state, voucher).units;
}

/** The vouchers of a batch of either mode. */
export function vouchersOf(batch: VoucherBatch | PrivateVoucherBatch): readonly AnyVoucher[] {
  return "vouchers" in batch ? batch.vouchers : batch.rows.map(({ voucher }) => voucher);
}

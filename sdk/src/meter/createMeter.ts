import type { AddressInput, Hex } from "../core/abi.ts";
import { checkCount } from "../core/check.ts";
import { ascending } from "../core/lists.ts";
import { LoneRowError } from "../errors.ts";
import { isOpening, type Opening } from "../shared/opening.ts";
import {
  type AnyVoucher,
  isPrivate,
  type SignedPrivateVoucher,
  type SignedVoucher,
} from "../shared/voucher.ts";
import type { VoucherVerifier } from "./createVoucherVerifier.ts";
import { isNewer, judgeVoucher, type MeteredLicense, type Refusal, type UsageSoFar } from "./judgeVoucher.ts";
import { createState, type MeterState, parse, remember, serialize } from "./meterState.ts";

/** An operator has this long to act on a lone row, seconds. */
const LAST_CALL = 86_400n;

export type Acceptance =
  | {
      readonly ok: true;
      /** The license's increase in metered units. 0 for a cover. */
      readonly increase: bigint;
    }
  | { readonly ok: false; readonly reason: Refusal };

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

export type Meter = {
  /**
   * Adds a license or updates it. Returns false while the old signer's last voucher is unsettled, because a new
   * signer's voucher would replace it; then only `settleBy` changes. Call it again whenever the license changes on
   * chain: its holder can end it or name another signer at any time, and has three more days to be settled.
   */
  readonly admit: (license: MeteredLicense) => boolean;
  /**
   * Keeps a valid, newer voucher. In private mode also a cover: the same units under another salt. Ask
   * `authorizeUse` whether to serve at all.
   */
  readonly accept: (voucher: AnyVoucher) => Acceptance;
  /**
   * The newest open vouchers of at most this many licenses, longest waiting first. Leaves out the offers `without`, such
   * as one whose `ReleaseFailed`.
   *
   * @throws {@link InvalidParameterError} for a limit below 1
   */
  readonly batch: (maxRows: number, without?: readonly bigint[]) => VoucherBatch[];
  /**
   * The newest private vouchers within these limits, longest waiting first, covers last. Leaves offers with a single
   * voucher for later, see `loneRows`.
   *
   * @throws {@link InvalidParameterError} for a limit below 1
   * @throws {@link LoneRowError} from a day before such a voucher can no longer be settled, unless `allowLone`
   */
  readonly privateBatch: (limits: PrivateBatchLimits) => PrivateVoucherBatch[];
  /** The vouchers left by `privateBatch` until their offers have another one, soonest end first. */
  readonly loneRows: () => LoneRow[];
  /**
   * Records settled batches. If the meter stopped before, use `admit` in open mode and `recall` in private mode.
   */
  readonly markSettled: (batches: readonly (VoucherBatch | PrivateVoucherBatch)[]) => void;
  /**
   * Serves the signers that `confirmSigners` confirmed, and nobody else for these licenses. An older signer's unsettled
   * voucher is dropped, because it no longer settles.
   */
  readonly markConfirmed: (confirmed: readonly Pick<MeteredLicense, "licenseId" | "signer">[]) => void;
  /**
   * After a stop during a settlement: takes the ledger's commitment from `getUsage` and continues from the matching
   * voucher of `privateBatch`. Returns false without a change if none matches.
   */
  readonly recall: (licenseId: bigint, commitment: Hex) => boolean;
  /**
   * Opening of a license's settled usage word, for its holder. Undefined in open mode and before the first
   * settlement.
   */
  readonly openingOf: (licenseId: bigint) => Opening | undefined;
  /** Removes a license. Its unsettled voucher is lost. */
  readonly forget: (licenseId: bigint) => void;
  /** The whole state as JSON, for `createMeter`. It holds openings: keep it as secret as them. */
  readonly save: () => string;
};

export type CreateMeterParameters = {
  readonly verify: VoucherVerifier["verify"];
  /** State from `save` of an earlier meter. */
  readonly saved?: string;
};
export type CreateMeterReturnType = Meter;

/**
 * A meter's books, in memory and without a network: the newest unsettled voucher of each license.
 *
 * @example
 * ```ts
 * const meter = createMeter({ verify });
 * const { settleBy } = await getLicense(client, { licenseId });
 * meter.admit({ licenseId, offerId, signer, settleBy, prepaid: 1_000n, allowed: 3n, units: 0n, contexts: 0n });
 * meter.accept(voucher); // { ok: true, increase: 120n }
 * const batches = meter.batch(128);
 * await settleOpen(client, { meterId, batches });
 * meter.markSettled(batches);
 * ```
 */
export function createMeter({ verify, saved }: CreateMeterParameters): CreateMeterReturnType {
  const state = saved ? parse(saved) : createState();
  return Object.freeze({
    admit: (license: MeteredLicense) => admit(state, license),
    accept: (voucher: AnyVoucher) => accept(state, verify, voucher),
    batch: (maxRows: number, without: readonly bigint[] = []) => batch(state, maxRows, without),
    privateBatch: (limits: PrivateBatchLimits) => privateBatch(state, limits),
    loneRows: () => loneRows(state),
    markSettled: (batches: readonly (VoucherBatch | PrivateVoucherBatch)[]) => {
      for (const voucher of batches.flatMap(vouchersOf)) settle(state, voucher);
    },
    markConfirmed: (confirmed: readonly Pick<MeteredLicense, "licenseId" | "signer">[]) => {
      for (const { licenseId, signer } of confirmed) changeSigner(state, licenseId, signer);
    },
    recall: (licenseId: bigint, commitment: Hex) => recall(state, licenseId, commitment),
    openingOf: (licenseId: bigint) => openingOf(state.licenses.get(licenseId)),
    forget: (licenseId: bigint) => {
      state.licenses.delete(licenseId);
      state.pending.delete(licenseId);
      state.sent.delete(licenseId);
    },
    save: () => serialize(state),
  });
}

function admit({ licenses, pending }: MeterState, license: MeteredLicense): boolean {
  const id = license.licenseId;
  const known = licenses.get(id);
  const isOtherSigner = known === undefined || !isSame(known.signer, license.signer);
  const used = usageSoFar(known && isBehind(license, known) ? known : license);
  const waiting = pending.get(id);
  // A cover is owed nothing, so it does not delay a new signer.
  const isDue = waiting && (isOtherSigner ? waiting.units > used.units : isNewer(waiting, used));
  if (waiting && !isDue) pending.delete(id);
  if (known && isDue && isOtherSigner) {
    licenses.set(id, { ...known, settleBy: license.settleBy });
    return false;
  }
  const { salt: _, ...rest } = license;
  licenses.set(id, { ...rest, ...used });
  return true;
}

function isSame(signer: AddressInput, other: AddressInput): boolean {
  return signer.toLowerCase() === other.toLowerCase();
}

/** A node may lag behind this meter's settlements, and knows no opening. */
function isBehind({ units, salt }: MeteredLicense, known: MeteredLicense): boolean {
  return units < known.units || (units === known.units && salt === undefined);
}

function usageSoFar({ units, contexts, salt }: UsageSoFar): UsageSoFar {
  return { units, contexts, ...(salt !== undefined && { salt }) };
}

function accept(
  { licenses, pending }: MeterState,
  verify: VoucherVerifier["verify"],
  voucher: AnyVoucher,
): Acceptance {
  const license = licenses.get(voucher.licenseId);
  if (!license) return { ok: false, reason: "LicenseUnknown" };
  const before = pending.get(voucher.licenseId) ?? license;
  const reason = judgeVoucher(voucher, license, before);
  if (reason) return { ok: false, reason };
  if (!verify(voucher, license.signer)) return { ok: false, reason: invalidityOf(voucher) };
  pending.set(voucher.licenseId, voucher);
  return { ok: true, increase: voucher.units - before.units };
}

function invalidityOf(voucher: AnyVoucher): Refusal {
  const isOpen = !isPrivate(voucher) || isOpening(voucher.usage, voucher.licenseId, voucher);
  return isOpen ? "VoucherSignatureInvalid" : "VoucherOpeningInvalid";
}

function batch(
  { licenses, pending }: MeterState,
  maxRows: number,
  without: readonly bigint[],
): VoucherBatch[] {
  checkCount("maxRows", maxRows, 1);
  const byOffer = new Map<bigint, SignedVoucher[]>();
  let count = 0;
  for (const voucher of pending.values()) {
    const { offerId } = licenses.get(voucher.licenseId) as MeteredLicense;
    if (isPrivate(voucher) || without.includes(offerId)) continue;
    if (++count > maxRows) break;
    const vouchers = byOffer.get(offerId);
    if (vouchers) vouchers.push(voucher);
    else byOffer.set(offerId, [voucher]);
  }
  return [...byOffer].map(([offerId, vouchers]) => ({ offerId, vouchers }));
}

function privateBatch(
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
  for (const [offerId, vouchers] of byOffer(state)) {
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
function loneRows(state: MeterState): LoneRow[] {
  const lone = [...byOffer(state)].flatMap(([offerId, [voucher, another]]) => {
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

function byOffer(state: MeterState): Map<bigint, SignedPrivateVoucher[]> {
  const offers = new Map<bigint, SignedPrivateVoucher[]>();
  for (const voucher of inOrder(state)) {
    const { offerId } = licenseOf(state, voucher);
    const vouchers = offers.get(offerId);
    if (vouchers) vouchers.push(voucher);
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

function openingOf(license: MeteredLicense | undefined): Opening | undefined {
  if (license?.salt === undefined) return undefined;
  const { units, contexts, salt } = license;
  return { units, contexts, salt };
}

function vouchersOf(batch: VoucherBatch | PrivateVoucherBatch): readonly AnyVoucher[] {
  return "vouchers" in batch ? batch.vouchers : batch.rows.map(({ voucher }) => voucher);
}

function changeSigner({ licenses, pending }: MeterState, licenseId: bigint, signer: AddressInput): void {
  const license = licenses.get(licenseId);
  if (!license || isSame(license.signer, signer)) return;
  licenses.set(licenseId, { ...license, signer });
  pending.delete(licenseId);
}

function recall(state: MeterState, licenseId: bigint, commitment: Hex): boolean {
  const known = openingOf(state.licenses.get(licenseId));
  if (known && isOpening(commitment, licenseId, known)) return true;
  const voucher = state.sent.get(licenseId)?.find((one) => isOpening(commitment, licenseId, one));
  if (voucher) settle(state, voucher);
  return voucher !== undefined;
}

/** Newer vouchers go to the end of the queue. Counts never fall, so an older settlement changes nothing. */
function settle({ licenses, pending, sent }: MeterState, voucher: AnyVoucher): void {
  const { licenseId, units, contexts } = voucher;
  const license = licenses.get(licenseId);
  const newest = pending.get(licenseId);
  if (license && units < license.units) return;
  pending.delete(licenseId);
  sent.delete(licenseId);
  const salt = isPrivate(voucher) ? { salt: voucher.salt } : {};
  if (license) licenses.set(licenseId, { ...license, units, contexts, ...salt });
  if (newest && isNewer(newest, voucher)) pending.set(licenseId, newest);
}

import type { Hex } from "../core/abi.ts";
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

export type Meter = {
  /**
   * Adds a license or updates it. Returns false without a change while the old signer's last voucher is unsettled,
   * because a new signer's voucher would replace it.
   */
  readonly admit: (license: MeteredLicense) => boolean;
  /**
   * Keeps a valid, newer voucher. In private mode also a cover: the same units under another salt. Ask
   * `authorizeUse` whether to serve at all.
   */
  readonly accept: (voucher: AnyVoucher) => Acceptance;
  /** The newest open vouchers of at most this many licenses, longest waiting first. */
  readonly batch: (maxRows: number) => VoucherBatch[];
  /** The newest private vouchers within these limits, longest waiting first, covers last. */
  readonly privateBatch: (maxRows: number, maxOffers: number) => PrivateVoucherBatch[];
  /**
   * Records settled batches. If the meter stopped before, use `admit` in open mode and `recall` in private mode.
   */
  readonly markSettled: (batches: readonly (VoucherBatch | PrivateVoucherBatch)[]) => void;
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
 * meter.admit({ licenseId, offerId, signer, prepaid: 1_000n, allowed: 3n, units: 0n, contexts: 0n });
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
    batch: (maxRows: number) => batch(state, maxRows),
    privateBatch: (maxRows: number, maxOffers: number) => privateBatch(state, maxRows, maxOffers),
    markSettled: (batches: readonly (VoucherBatch | PrivateVoucherBatch)[]) => {
      for (const voucher of batches.flatMap(vouchersOf)) settle(state, voucher);
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
  const isOtherSigner = known?.signer.toLowerCase() !== license.signer.toLowerCase();
  const used = usageSoFar(known && isBehind(license, known) ? known : license);
  const waiting = pending.get(id);
  // A cover is owed nothing, so it does not delay a new signer.
  const isDue = waiting && (isOtherSigner ? waiting.units > used.units : isNewer(waiting, used));
  if (waiting && !isDue) pending.delete(id);
  if (isDue && isOtherSigner) return false;
  const { salt: _, ...rest } = license;
  licenses.set(id, { ...rest, ...used });
  return true;
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

function batch({ licenses, pending }: MeterState, maxRows: number): VoucherBatch[] {
  const byOffer = new Map<bigint, SignedVoucher[]>();
  let count = 0;
  for (const voucher of pending.values()) {
    if (isPrivate(voucher)) continue;
    if (++count > maxRows) break;
    const { offerId } = licenses.get(voucher.licenseId) as MeteredLicense;
    const vouchers = byOffer.get(offerId);
    if (vouchers) vouchers.push(voucher);
    else byOffer.set(offerId, [voucher]);
  }
  return [...byOffer].map(([offerId, vouchers]) => ({ offerId, vouchers }));
}

function privateBatch(state: MeterState, maxRows: number, maxOffers: number) {
  const { licenses } = state;
  const byOffer = new Map<bigint, PrivateVoucherBatch & { rows: PrivateVoucherBatch["rows"][number][] }>();
  let count = 0;
  for (const voucher of inOrder(state)) {
    const license = licenses.get(voucher.licenseId) as MeteredLicense;
    const { offerId, allowed: allowedContexts, prepaid: cap } = license;
    const hasRoom = byOffer.size < maxOffers || byOffer.has(offerId);
    if (!hasRoom) continue;
    if (++count > maxRows) break;
    const offer = byOffer.get(offerId) ?? { offerId, allowedContexts, rows: [] };
    offer.rows.push({ voucher, oldOpening: openingOf(license), cap });
    byOffer.set(offerId, offer);
    remember(state, voucher);
  }
  return [...byOffer.values()];
}

/** Covers last: they earn nothing, so they get only the remaining room. */
function inOrder({ licenses, pending }: MeterState): SignedPrivateVoucher[] {
  const vouchers = [...pending.values()].filter(isPrivate);
  const isCover = ({ licenseId, units }: SignedPrivateVoucher) => units === licenses.get(licenseId)?.units;
  return [...vouchers.filter((one) => !isCover(one)), ...vouchers.filter(isCover)];
}

function openingOf(license: MeteredLicense | undefined): Opening | undefined {
  if (license?.salt === undefined) return undefined;
  const { units, contexts, salt } = license;
  return { units, contexts, salt };
}

function vouchersOf(batch: VoucherBatch | PrivateVoucherBatch): readonly AnyVoucher[] {
  return "vouchers" in batch ? batch.vouchers : batch.rows.map(({ voucher }) => voucher);
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

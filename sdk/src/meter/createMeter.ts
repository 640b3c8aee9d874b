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
      /** By how many metered units the license moved on; 0 of a cover. */
      readonly increase: bigint;
    }
  | { readonly ok: false; readonly reason: Refusal };

/** Vouchers of one offer, as `settleOpen` takes them. */
export type VoucherBatch = { readonly offerId: bigint; readonly vouchers: readonly SignedVoucher[] };

/** Private vouchers of one offer, as `buildBatch` and `settleRetired` take them. */
export type PrivateVoucherBatch = {
  readonly offerId: bigint;
  /** Contexts that the offer's terms allow. */
  readonly allowedContexts: bigint;
  readonly rows: readonly {
    readonly voucher: SignedPrivateVoucher;
    /** What is settled of the license. */
    readonly oldOpening: Opening | undefined;
    /** What is prepaid of the license. */
    readonly cap: bigint;
  }[];
};

export type Meter = {
  /**
   * Serves a license from now on, or tells what changed of it. False, and nothing changes, while the old signer's last
   * voucher is unsettled: a new signer's would replace it.
   */
  readonly admit: (license: MeteredLicense) => boolean;
  /**
   * Keeps a voucher if it is valid and newer; in private mode also a cover: the same units under another salt. Whether
   * to serve at all, `authorizeUse` tells.
   */
  readonly accept: (voucher: AnyVoucher) => Acceptance;
  /** The newest open vouchers of at most so many licenses, those that wait longest first. */
  readonly batch: (maxRows: number) => VoucherBatch[];
  /** The newest private vouchers of at most so many licenses and offers, those that wait longest first, covers last. */
  readonly privateBatch: (maxRows: number, maxOffers: number) => PrivateVoucherBatch[];
  /** Tells that batches are settled. After a stop in between, `admit` in open mode and `recall` in private do. */
  readonly markSettled: (batches: readonly (VoucherBatch | PrivateVoucherBatch)[]) => void;
  /**
   * Tells the commitment that the ledger has of a license, from `getUsage`, after a stop while a batch was on its way:
   * whichever voucher of `privateBatch` it is, the books go on from it. False, and nothing changes, if it is none.
   */
  readonly recall: (licenseId: bigint, commitment: Hex) => boolean;
  /** What opens a license's settled usage word, for its holder; undefined in open mode, and before anything is settled. */
  readonly openingOf: (licenseId: bigint) => Opening | undefined;
  /** Serves a license no more. Its unsettled voucher is lost. */
  readonly forget: (licenseId: bigint) => void;
  /** Everything, as JSON, for `createMeter`. It holds openings: keep it as secret as they are. */
  readonly save: () => string;
};

export type CreateMeterParameters = {
  readonly verify: VoucherVerifier["verify"];
  /** What `save` of an earlier meter returned. */
  readonly saved?: string;
};
export type CreateMeterReturnType = Meter;

/**
 * The bookkeeping of a meter, in memory and without a network: the newest voucher of each license until it is settled.
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
  // Nobody owes anything for a cover: it does not keep a new signer waiting.
  const isDue = waiting && (isOtherSigner ? waiting.units > used.units : isNewer(waiting, used));
  if (waiting && !isDue) pending.delete(id);
  if (isDue && isOtherSigner) return false;
  const { salt: _, ...rest } = license;
  licenses.set(id, { ...rest, ...used });
  return true;
}

/** A node may lag behind what this meter settled, and knows no opening. */
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

/** Covers last: nobody pays for them, so they have the room that is left. */
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

/** A voucher that came meanwhile goes to the end of the queue. Counts never fall: of what is behind, the books know. */
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

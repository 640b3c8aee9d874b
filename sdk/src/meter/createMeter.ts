import type { SignedVoucher } from "../core/voucher.ts";
import type { VoucherVerifier } from "./createVoucherVerifier.ts";
import { judgeVoucher, type MeteredLicense, type Refusal } from "./judgeVoucher.ts";
import { type MeterState, parse, serialize } from "./meterState.ts";

export type Acceptance =
  | {
      readonly ok: true;
      /** By how many metered units the license moved on. */
      readonly increase: bigint;
    }
  | { readonly ok: false; readonly reason: Refusal };

/** Vouchers of one offer, as `settleOpen` takes them. */
export type VoucherBatch = { readonly offerId: bigint; readonly vouchers: readonly SignedVoucher[] };

export type Meter = {
  /**
   * Serves a license from now on, or tells what changed of it. False, and nothing changes, while the old signer's last
   * voucher is unsettled: a new signer's would replace it.
   */
  readonly admit: (license: MeteredLicense) => boolean;
  /** Keeps a voucher if it is valid and newer. Whether to serve at all, `authorizeUse` tells. */
  readonly accept: (voucher: SignedVoucher) => Acceptance;
  /** The newest vouchers of at most so many licenses, those that wait longest first. */
  readonly batch: (maxRows: number) => VoucherBatch[];
  /** Tells that batches are settled. */
  readonly settled: (batches: readonly VoucherBatch[]) => void;
  /** Serves a license no more. Its unsettled voucher is lost. */
  readonly forget: (licenseId: bigint) => void;
  /** Everything, as JSON, for `createMeter`. */
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
 * meter.settled(batches);
 * ```
 */
export function createMeter({ verify, saved }: CreateMeterParameters): CreateMeterReturnType {
  const state = saved ? parse(saved) : { licenses: new Map(), pending: new Map() };
  return Object.freeze({
    admit: (license: MeteredLicense) => admit(state, license),
    accept: (voucher: SignedVoucher) => accept(state, verify, voucher),
    batch: (maxRows: number) => batch(state, maxRows),
    settled: (batches: readonly VoucherBatch[]) => {
      for (const voucher of batches.flatMap(({ vouchers }) => vouchers)) settle(state, voucher);
    },
    forget: (licenseId: bigint) => {
      state.licenses.delete(licenseId);
      state.pending.delete(licenseId);
    },
    save: () => serialize(state),
  });
}

function admit({ licenses, pending }: MeterState, license: MeteredLicense): boolean {
  const id = license.licenseId;
  const known = licenses.get(id);
  if ((pending.get(id)?.units ?? 0n) <= license.units) pending.delete(id);
  if (pending.has(id) && known?.signer !== license.signer) return false;
  // A node may lag behind what this meter settled.
  const { units, contexts } = known && known.units > license.units ? known : license;
  licenses.set(id, { ...license, units, contexts });
  return true;
}

function accept(
  { licenses, pending }: MeterState,
  verify: VoucherVerifier["verify"],
  voucher: SignedVoucher,
): Acceptance {
  const license = licenses.get(voucher.licenseId);
  if (!license) return { ok: false, reason: "LicenseUnknown" };
  const before = pending.get(voucher.licenseId) ?? license;
  const reason = judgeVoucher(voucher, license, before);
  if (reason) return { ok: false, reason };
  if (!verify(voucher, license.signer)) return { ok: false, reason: "VoucherSignatureInvalid" };
  pending.set(voucher.licenseId, voucher);
  return { ok: true, increase: voucher.units - before.units };
}

function batch({ licenses, pending }: MeterState, maxRows: number): VoucherBatch[] {
  const byOffer = new Map<bigint, SignedVoucher[]>();
  for (const voucher of [...pending.values()].slice(0, maxRows)) {
    const { offerId } = licenses.get(voucher.licenseId) as MeteredLicense;
    byOffer.set(offerId, [...(byOffer.get(offerId) ?? []), voucher]);
  }
  return [...byOffer].map(([offerId, vouchers]) => ({ offerId, vouchers }));
}

/** A voucher that came meanwhile goes to the end of the queue. */
function settle({ licenses, pending }: MeterState, { licenseId, units, contexts }: SignedVoucher): void {
  const license = licenses.get(licenseId);
  const newest = pending.get(licenseId);
  pending.delete(licenseId);
  if (license) licenses.set(licenseId, { ...license, units, contexts });
  if (newest && newest.units > units) pending.set(licenseId, newest);
}

import type { AddressInput, Hex } from "../core/abi.ts";
import { isOpening, type Opening } from "../shared/opening.ts";
import { type AnyVoucher, isPrivate } from "../shared/voucher.ts";
import {
  batch,
  type LoneRow,
  loneRows,
  type PrivateBatchLimits,
  type PrivateVoucherBatch,
  privateBatch,
  type VoucherBatch,
  vouchersOf,
} from "./batches.ts";
import type { VoucherVerifier } from "./createVoucherVerifier.ts";
import { isNewer, judgeVoucher, type MeteredLicense, type Refusal, type UsageSoFar } from "./judgeVoucher.ts";
import { createState, type MeterState, openingOf, parse, serialize } from "./meterState.ts";

export type Acceptance =
  | {
      readonly ok: true;
      /** The license's increase in metered units. 0 for a cover. */
      readonly increase: bigint;
    }
  | { readonly ok: false; readonly reason: Refusal };

export type Books = {
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
  /** The whole state as JSON, for `createBooks`. It holds openings: keep it as secret as them. */
  readonly save: () => string;
};

export type CreateBooksParameters = {
  readonly verify: VoucherVerifier["verify"];
  /** State from `save` of an earlier meter. */
  readonly saved?: string;
};
export type CreateBooksReturnType = Books;

/**
 * A meter's books, in memory and without a network: the newest unsettled voucher of each license.
 *
 * @example
 * ```ts
 * const books = createBooks({ verify });
 * const { settleBy } = await getLicense(client, { licenseId });
 * books.admit({ licenseId, offerId, signer, settleBy, prepaid: 1_000n, allowed: 3n, units: 0n, contexts: 0n });
 * books.accept(voucher); // { ok: true, increase: 120n }
 * const batches = books.batch(128);
 * await settleOpen(client, { meterId, batches });
 * books.markSettled(batches);
 * ```
 */
export function createBooks({ verify, saved }: CreateBooksParameters): CreateBooksReturnType {
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

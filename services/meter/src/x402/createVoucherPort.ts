import type { Address } from "@benefit-grid/sdk";
import type { MeterEvents } from "../gateway/events.ts";
import { type AdmissionParameters, admit } from "../gateway/gateway.ts";
import { Refusal, type RefusalReason } from "../gateway/refusal.ts";
import type { Seat } from "../gateway/seats.ts";
import type { Store } from "../store/store.ts";
import type { VoucherCall, VoucherPort, VoucherRefusal, VoucherVerdict } from "./voucherPort.ts";

export type VoucherPortParameters = AdmissionParameters & {
  readonly store: Store;
  readonly onServed: MeterEvents["onServed"];
};

/** A call in flight. */
type Held = { readonly release: () => void; readonly timer: NodeJS.Timeout };

/** Reasons that the customer can mend, as x402 names them. For all others it tries again later. */
const REASONS: Partial<Record<RefusalReason, VoucherRefusal>> = {
  VoucherSignatureInvalid: "invalid_license_voucher_signature",
  VoucherOpeningInvalid: "invalid_license_voucher_signature",
  VoucherDue: "license_voucher_due",
};
const LATER: readonly RefusalReason[] = [
  "TooManyCalls",
  "Busy",
  "ChainUnreachable",
  "StoreFailed",
  "ShuttingDown",
];

/** The meter behind the scheme `license-voucher`: it admits and counts like `fetch`. */
export function createVoucherPort(parameters: VoucherPortParameters): VoucherPort {
  const { store, seats } = parameters;
  /** Undefined while it is being admitted. */
  const held = new Map<string, Held | undefined>();

  function release({ callId }: Pick<VoucherCall, "callId">): void {
    const call = held.get(callId);
    held.delete(callId);
    clearTimeout(call?.timer);
    call?.release();
  }

  async function admitted(call: Parameters<VoucherPort["verify"]>[0]): Promise<VoucherVerdict> {
    const { callId, voucher, offerId, maxUnits, seconds } = call;
    if (await store.isRecorded(callId)) return { ok: false, reason: "license_voucher_call_repeated" };
    const { seat, slot, release: giveBack } = await admit(voucher, { ...parameters, maxUnits });
    const timer = setTimeout(() => release(call), seconds * 1_000).unref();
    held.set(callId, { release: giveBack, timer });
    await slot?.stored;
    if (seat.account.offerId !== offerId) return { ok: false, reason: "invalid_license_voucher_license" };
    return { ok: true, payer: seat.license.signer as Address };
  }

  return {
    verify: async (call) => {
      const { callId } = call;
      if (held.has(callId)) return { ok: false, reason: "license_voucher_call_repeated" };
      held.set(callId, undefined);
      let verdict: VoucherVerdict | undefined;
      try {
        verdict = await admitted(call);
      } catch (error) {
        verdict = verdictOf(error);
      } finally {
        if (!verdict?.ok) release(call);
      }
      return verdict;
    },
    settle: async (call) => {
      const { callId, voucher, offerId, units } = call;
      const found = await seatOf(voucher);
      if (!found || found.account.offerId !== offerId)
        return { ok: false, reason: "invalid_license_voucher_license" };
      const { licenseId, signer } = found.license;
      if (!parameters.verify(voucher, signer))
        return { ok: false, reason: "invalid_license_voucher_signature" };
      const { account, isRepeated } = await store.recordOnce(callId, { licenseId, units });
      found.account = account;
      release(call);
      if (!isRepeated) parameters.onServed?.({ licenseId, offerId, units });
      return { ok: true, payer: signer as Address, used: account.used };
    },
    release: async (call) => release(call),
  };

  async function seatOf(voucher: VoucherCall["voucher"]): Promise<Seat | undefined> {
    try {
      return await seats.of(voucher);
    } catch (error) {
      if (error instanceof Refusal && !LATER.includes(error.reason)) return undefined;
      throw error;
    }
  }
}

function verdictOf(error: unknown): VoucherVerdict {
  if (!(error instanceof Refusal) || LATER.includes(error.reason)) throw error;
  const { reason, due } = error;
  return { ok: false, reason: REASONS[reason] ?? "invalid_license_voucher_license", ...(due && { due }) };
}

// Stands in until the SDK's meter keeps private vouchers.
import {
  type Client,
  type Opening,
  type SignedPrivateVoucher,
  verifyPrivateVoucher,
} from "@benefit-grid/sdk";

type L = { licenseId: bigint; offerId: bigint; signer: string; prepaid: bigint; allowed: bigint };
export function createPrivateMeter(client: Client) {
  const licenses = new Map<bigint, L>();
  const pending = new Map<bigint, SignedPrivateVoucher>();
  const settled = new Map<bigint, Opening>();
  return {
    admit(l: L) {
      licenses.set(l.licenseId, l);
      return true;
    },
    accept(v: SignedPrivateVoucher): { ok: true } | { ok: false; reason: string } {
      const l = licenses.get(v.licenseId);
      if (!l) return { ok: false, reason: "LicenseUnknown" };
      if (v.units > l.prepaid) return { ok: false, reason: "VoucherExceedsPrepaid" };
      if (!verifyPrivateVoucher(client, { ...v, signer: l.signer }))
        return { ok: false, reason: "VoucherSignatureInvalid" };
      pending.set(v.licenseId, v);
      return { ok: true };
    },
    privateBatch(_r: number, _o: number) {
      const by = new Map<bigint, any>();
      for (const voucher of pending.values()) {
        const l = licenses.get(voucher.licenseId)!;
        if (!by.has(l.offerId))
          by.set(l.offerId, { offerId: l.offerId, allowedContexts: l.allowed, rows: [] });
        by.get(l.offerId).rows.push({ voucher, settled: settled.get(voucher.licenseId), cap: l.prepaid });
      }
      return [...by.values()];
    },
    settled(offers: any[]) {
      for (const { voucher } of offers.flatMap((o) => o.rows)) {
        settled.set(voucher.licenseId, voucher);
        pending.delete(voucher.licenseId);
      }
    },
    openingOf: (id: bigint) => settled.get(id),
  };
}

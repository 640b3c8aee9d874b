import { type SignedVoucher, settleOpen, signVoucher } from "@benefit-grid/sdk";
import { createMeter, createVoucherVerifier, type MeteredLicense } from "@benefit-grid/sdk/meter";
import { expect } from "chai";
import { licenseFixture } from "../../grid.ts";
import { withClients } from "../clients.ts";

const SIGNER = `0x${"ab".repeat(20)}` as const;
const OTHER = `0x${"cd".repeat(20)}` as const;
const LICENSE: MeteredLicense = {
  licenseId: 1n,
  offerId: 1n,
  signer: SIGNER,
  prepaid: 100n,
  allowed: 7n,
  units: 10n,
  contexts: 1n,
};

function voucher(units: bigint, { licenseId = 1n, contexts = 1n } = {}): SignedVoucher {
  return { licenseId, units, contexts, signature: "0x" };
}

function meterOf(...licenses: MeteredLicense[]) {
  const meter = createMeter({ verify: (_voucher, signer) => signer === SIGNER });
  for (const license of licenses) meter.admit(license);
  return meter;
}

describe("createMeter", () => {
  describe("accept", () => {
    const refusals = [
      ["LicenseUnknown", voucher(11n, { licenseId: 2n })],
      ["VoucherNotNewer", voucher(10n)],
      ["VoucherExceedsPrepaid", voucher(101n)],
      ["VoucherContextsDropped", voucher(11n, { contexts: 2n })],
      ["VoucherContextsNotAllowed", voucher(11n, { contexts: 9n })],
    ] as const;
    for (const [reason, refused] of refusals) {
      it(`when it has to say ${reason}, keeps nothing`, () => {
        const meter = meterOf(LICENSE);
        expect(meter.accept(refused)).to.deep.equal({ ok: false, reason });
        expect(meter.batch(9)).to.deep.equal([]);
      });
    }

    it("when somebody else signed, keeps nothing", () => {
      const meter = meterOf({ ...LICENSE, signer: OTHER });
      expect(meter.accept(voucher(11n))).to.deep.equal({ ok: false, reason: "VoucherSignatureInvalid" });
      expect(meter.batch(9)).to.deep.equal([]);
    });

    it("when vouchers follow each other, keeps the newest", () => {
      const meter = meterOf(LICENSE);
      expect(meter.accept(voucher(15n))).to.deep.equal({ ok: true, increase: 5n });
      expect(meter.accept(voucher(15n))).to.deep.equal({ ok: false, reason: "VoucherNotNewer" });
      expect(meter.accept(voucher(100n, { contexts: 3n }))).to.deep.equal({ ok: true, increase: 85n });
      const vouchers = [voucher(100n, { contexts: 3n })];
      expect(meter.batch(9)).to.deep.equal([{ offerId: 1n, vouchers }]);
    });
  });

  describe("admit", () => {
    it("when the signer changes, waits until the old one's voucher is settled", () => {
      const meter = meterOf(LICENSE);
      meter.accept(voucher(15n));
      const changed = { ...LICENSE, signer: OTHER };
      expect(meter.admit(changed)).to.equal(false);
      expect(meter.accept(voucher(16n))).to.include({ ok: true });
      meter.settled(meter.batch(1));
      expect(meter.admit(changed)).to.equal(true);
      expect(meter.accept(voucher(17n))).to.include({ reason: "VoucherSignatureInvalid" });
    });

    it("when the chain says that the voucher is settled, drops it", () => {
      const meter = meterOf(LICENSE);
      meter.accept(voucher(15n));
      expect(meter.admit({ ...LICENSE, units: 15n, signer: OTHER })).to.equal(true);
      expect(meter.batch(1)).to.deep.equal([]);
    });

    it("when a node lags behind, does not accept again what is settled", () => {
      const meter = meterOf(LICENSE);
      meter.accept(voucher(15n));
      meter.settled(meter.batch(1));
      meter.admit({ ...LICENSE, prepaid: 200n });
      expect(meter.accept(voucher(15n))).to.include({ reason: "VoucherNotNewer" });
      expect(meter.accept(voucher(200n))).to.include({ increase: 185n });
    });
  });

  describe("batch", () => {
    const licenses = [1n, 2n, 3n].map((licenseId) => ({
      ...LICENSE,
      licenseId,
      offerId: (licenseId + 1n) / 2n,
    }));

    it("groups vouchers by offer", () => {
      const meter = meterOf(...licenses);
      const [first, second, third] = [1n, 2n, 3n].map((licenseId) => voucher(20n, { licenseId }));
      for (const one of [third, first, second]) meter.accept(one as SignedVoucher);
      expect(meter.batch(3)).to.deep.equal([
        { offerId: 2n, vouchers: [third] },
        { offerId: 1n, vouchers: [first, second] },
      ]);
    });

    it("when a voucher comes while a batch settles, it waits for the next, behind the others", () => {
      const meter = meterOf(...licenses);
      for (const licenseId of [1n, 2n]) meter.accept(voucher(20n, { licenseId }));
      const batches = meter.batch(1);
      meter.accept(voucher(30n));
      meter.settled(batches);
      const [next] = meter.batch(2);
      expect(next?.vouchers).to.deep.equal([voucher(20n, { licenseId: 2n }), voucher(30n)]);
    });
  });

  describe("forget", () => {
    it("when a license is closed, keeps nothing of it", () => {
      const meter = meterOf(LICENSE);
      meter.accept(voucher(15n));
      meter.forget(1n);
      expect(meter.batch(9)).to.deep.equal([]);
      expect(meter.accept(voucher(16n))).to.include({ reason: "LicenseUnknown" });
    });
  });

  describe("save", () => {
    it("when a meter starts from it, goes on where the other was", () => {
      const meter = meterOf(LICENSE, { ...LICENSE, licenseId: 2n });
      meter.accept(voucher(15n));
      const restored = createMeter({ verify: () => true, saved: meter.save() });
      expect(restored.save()).to.equal(meter.save());
      expect(restored.batch(9)).to.deep.equal(meter.batch(9));
      expect(restored.accept(voucher(15n))).to.include({ reason: "VoucherNotNewer" });
      expect(restored.accept(voucher(11n, { licenseId: 2n }))).to.include({ increase: 1n });
    });
  });

  it("keeps what the ledger settles", async () => {
    const { as, buyer, meter: operator, ledgerAddress: ledger } = await withClients(licenseFixture);
    const { verify } = await createVoucherVerifier({ chainId: 31337n, ledger });
    const meter = createMeter({ verify });
    const signer = buyer.address;
    meter.admit({ ...LICENSE, signer, prepaid: 1_000n, units: 0n, contexts: 0n });
    const user = await as(buyer);
    for (const units of [5n, 12n])
      meter.accept(await signVoucher(user, { licenseId: 1n, units, contexts: 1n }));
    const batches = meter.batch(128);
    const { settled } = await settleOpen(await as(operator), { meterId: 1n, batches });
    expect(settled).to.deep.equal([{ offerId: 1n, units: 12n }]);
    meter.settled(batches);
    expect(meter.batch(128)).to.deep.equal([]);
  });
});

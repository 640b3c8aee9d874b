import { LoneRowError, type SignedVoucher, settleOpen, signVoucher } from "@benefit-grid/sdk";
import { createMeter, createVoucherVerifier, type MeteredLicense } from "@benefit-grid/sdk/meter";
import { expect } from "chai";
import { toBeHex } from "ethers";
import { licenseFixture } from "../../grid.ts";
import { expectInvalid, withClients } from "../clients.ts";
import { poseidon } from "../poseidon.ts";

const SIGNER = `0x${"ab".repeat(20)}` as const;
const OTHER = `0x${"cd".repeat(20)}` as const;
const LICENSE: MeteredLicense = {
  licenseId: 1n,
  offerId: 1n,
  signer: SIGNER,
  settleBy: 1_000_000n,
  prepaid: 100n,
  allowed: 7n,
  units: 10n,
  contexts: 1n,
};

const ALL = { maxRows: 9, maxOffers: 9, allowLone: true };

function voucher(units: bigint, { licenseId = 1n, contexts = 1n } = {}): SignedVoucher {
  return { licenseId, units, contexts, signature: "0x" };
}

function privateVoucher(units: bigint, salt: bigint, { licenseId = 1n, contexts = 1n } = {}) {
  const usage = toBeHex(
    poseidon([licenseId | (contexts << 64n) | (units << 96n), salt]),
    32,
  ) as `0x${string}`;
  return { licenseId, units, contexts, salt, usage, signature: "0x" } as const;
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
      meter.markSettled(meter.batch(1));
      expect(meter.admit(changed)).to.equal(true);
      expect(meter.accept(voucher(17n))).to.include({ reason: "VoucherSignatureInvalid" });
    });

    it("when the same signer is written in another case, goes on", () => {
      const meter = meterOf(LICENSE);
      meter.accept(voucher(15n));
      const written = `0x${"AB".repeat(20)}` as const;
      expect(meter.admit({ ...LICENSE, signer: written, prepaid: 200n })).to.equal(true);
      expect(meter.batch(1)).to.deep.equal([{ offerId: 1n, vouchers: [voucher(15n)] }]);
    });

    it("when the chain has settled the voucher, drops it", () => {
      const meter = meterOf(LICENSE);
      meter.accept(voucher(15n));
      expect(meter.admit({ ...LICENSE, units: 15n, signer: OTHER })).to.equal(true);
      expect(meter.batch(1)).to.deep.equal([]);
    });

    it("when a node lags behind, does not accept a settled voucher again", () => {
      const meter = meterOf(LICENSE);
      meter.accept(voucher(15n));
      meter.markSettled(meter.batch(1));
      meter.admit({ ...LICENSE, prepaid: 200n });
      expect(meter.accept(voucher(15n))).to.include({ reason: "VoucherNotNewer" });
      expect(meter.accept(voucher(200n))).to.include({ increase: 185n });
    });
  });

  describe("markConfirmed", () => {
    const confirmed = (signer: MeteredLicense["signer"]) => [{ licenseId: 1n, signer }];

    it("when a change is confirmed, serves the new signer and drops the old one's voucher", () => {
      const meter = meterOf({ ...LICENSE, signer: OTHER });
      expect(meter.accept(voucher(15n))).to.include({ reason: "VoucherSignatureInvalid" });
      meter.markConfirmed(confirmed(SIGNER));
      expect(meter.accept(voucher(15n))).to.include({ ok: true });
      meter.markConfirmed(confirmed(OTHER));
      expect(meter.batch(1)).to.deep.equal([]);
      expect(meter.accept(voucher(16n))).to.include({ reason: "VoucherSignatureInvalid" });
    });

    it("when nothing is confirmed, goes on with the old signer", () => {
      const meter = meterOf(LICENSE);
      meter.accept(voucher(15n));
      meter.markConfirmed([]);
      expect(meter.batch(1)).to.deep.equal([{ offerId: 1n, vouchers: [voucher(15n)] }]);
    });

    it("when the confirmed signer serves already or the license is unknown, changes nothing", () => {
      const meter = meterOf(LICENSE);
      meter.accept(voucher(15n));
      const written = `0x${"AB".repeat(20)}` as const;
      meter.markConfirmed([...confirmed(written), { licenseId: 9n, signer: OTHER }]);
      expect(meter.batch(1)).to.deep.equal([{ offerId: 1n, vouchers: [voucher(15n)] }]);
    });
  });

  describe("batch", () => {
    const licenses = [1n, 2n, 3n].map((licenseId) => ({
      ...LICENSE,
      licenseId,
      offerId: (licenseId + 1n) / 2n,
    }));

    it("when a limit is not a whole number from 1, names it", async () => {
      const meter = meterOf(...licenses);
      for (const limit of [0, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await expectInvalid(() => meter.batch(limit), "maxRows");
        await expectInvalid(() => meter.privateBatch({ ...ALL, maxRows: limit }), "maxRows");
        await expectInvalid(() => meter.privateBatch({ ...ALL, maxOffers: limit }), "maxOffers");
      }
    });

    it("leaves out offers without counting them", () => {
      const meter = meterOf(...licenses);
      for (const { licenseId } of licenses) meter.accept(voucher(15n, { licenseId }));
      expect(meter.batch(1, [1n])).to.deep.equal([
        { offerId: 2n, vouchers: [voucher(15n, { licenseId: 3n })] },
      ]);
      expect(meter.batch(9, [1n, 2n])).to.deep.equal([]);
      expect(meter.batch(9).map(({ offerId }) => offerId)).to.deep.equal([1n, 2n]);
    });

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
      meter.markSettled(batches);
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

  describe("given a license of an offer in private mode", () => {
    const PRIVATE: MeteredLicense = { ...LICENSE, mode: "private", units: 0n, contexts: 0n };
    const SETTLED: MeteredLicense = { ...PRIVATE, units: 10n, contexts: 1n, salt: 5n };

    it("when the mode is the other one's, keeps nothing", () => {
      const meter = meterOf(PRIVATE, { ...LICENSE, licenseId: 2n });
      const mismatch = { ok: false, reason: "VoucherModeMismatch" };
      expect(meter.accept(voucher(15n))).to.deep.equal(mismatch);
      expect(meter.accept(privateVoucher(15n, 1n, { licenseId: 2n }))).to.deep.equal(mismatch);
      expect([meter.batch(9), meter.privateBatch(ALL)]).to.deep.equal([[], []]);
    });

    const refusals = [
      ["VoucherNotNewer", privateVoucher(9n, 6n)],
      ["VoucherNotNewer", privateVoucher(10n, 5n)],
      ["VoucherExceedsPrepaid", privateVoucher(101n, 6n)],
      ["VoucherContextsDropped", privateVoucher(11n, 6n, { contexts: 2n })],
      ["VoucherContextsNotAllowed", privateVoucher(11n, 6n, { contexts: 9n })],
    ] as const;
    for (const [reason, refused] of refusals) {
      it(`when it has to say ${reason} of ${refused.units} units, keeps nothing`, () => {
        const meter = meterOf(SETTLED);
        expect(meter.accept(refused)).to.deep.equal({ ok: false, reason });
        expect(meter.privateBatch(ALL)).to.deep.equal([]);
      });
    }

    it("tells a wrong opening from a wrong signer", () => {
      const meter = createMeter({ verify: () => false });
      meter.admit(PRIVATE);
      const honest = privateVoucher(15n, 1n);
      expect(meter.accept({ ...honest, units: 16n })).to.include({ reason: "VoucherOpeningInvalid" });
      expect(meter.accept(honest)).to.include({ reason: "VoucherSignatureInvalid" });
      expect(meter.privateBatch(ALL)).to.deep.equal([]);
    });

    it("keeps the newest, with its old opening and its cap", () => {
      const meter = meterOf(SETTLED);
      expect(meter.accept(privateVoucher(15n, 6n))).to.deep.equal({ ok: true, increase: 5n });
      const newest = privateVoucher(18n, 7n);
      expect(meter.accept(newest)).to.deep.equal({ ok: true, increase: 3n });
      const settled = { units: 10n, contexts: 1n, salt: 5n };
      const rows = [{ voucher: newest, oldOpening: settled, cap: 100n }];
      expect(meter.privateBatch(ALL)).to.deep.equal([{ offerId: 1n, allowedContexts: 7n, rows }]);
      expect(meter.batch(9)).to.deep.equal([]);
      expect(meter.openingOf(1n)).to.deep.equal(settled);
    });

    it("when nothing is settled, a voucher of no units is a cover, too", () => {
      const meter = meterOf(PRIVATE);
      expect(meter.openingOf(1n)).to.equal(undefined);
      const first = privateVoucher(0n, 1n, { contexts: 0n });
      expect(meter.accept(first)).to.deep.equal({ ok: true, increase: 0n });
      expect(meter.privateBatch(ALL)[0]?.rows[0]).to.deep.include({ voucher: first, oldOpening: undefined });
    });

    it("when a batch is settled, has its opening, and newer vouchers wait", () => {
      const meter = meterOf(PRIVATE);
      meter.accept(privateVoucher(15n, 1n));
      const batches = meter.privateBatch(ALL);
      const cover = privateVoucher(15n, 2n);
      expect(meter.accept(cover)).to.deep.equal({ ok: true, increase: 0n });
      meter.markSettled(batches);
      const settled = { units: 15n, contexts: 1n, salt: 1n };
      expect(meter.openingOf(1n)).to.deep.equal(settled);
      expect(meter.privateBatch(ALL)[0]?.rows).to.deep.equal([
        { voucher: cover, oldOpening: settled, cap: 100n },
      ]);
      meter.markSettled(meter.privateBatch(ALL));
      expect(meter.privateBatch(ALL)).to.deep.equal([]);
      expect(meter.openingOf(1n)).to.deep.equal({ ...settled, salt: 2n });
      expect(meter.accept(cover)).to.include({ reason: "VoucherNotNewer" });
    });

    it("when it is told late of a batch before the last, stays with the last", () => {
      const meter = meterOf(PRIVATE);
      meter.accept(privateVoucher(15n, 1n));
      const first = meter.privateBatch(ALL);
      meter.markSettled(first);
      meter.accept(privateVoucher(20n, 2n));
      meter.markSettled(meter.privateBatch(ALL));
      meter.accept(privateVoucher(25n, 3n));
      const before = meter.save();
      meter.markSettled(first);
      expect(meter.save()).to.equal(before);
      expect(meter.openingOf(1n)).to.deep.equal({ units: 20n, contexts: 1n, salt: 2n });
    });

    it("batches within both limits, longest waiting first, open ones separately", () => {
      const offers = { 1: 1n, 2: 2n, 3: 1n, 4: 3n, 5: 2n } as Record<number, bigint>;
      const ids = [1n, 2n, 3n, 4n, 5n];
      const licenses = ids.map((id) => ({
        ...PRIVATE,
        licenseId: id,
        offerId: offers[Number(id)] as bigint,
      }));
      const meter = meterOf(...licenses, { ...LICENSE, licenseId: 6n });
      for (const licenseId of [4n, 1n, 2n, 3n, 5n]) meter.accept(privateVoucher(5n, 1n, { licenseId }));
      meter.accept(voucher(20n, { licenseId: 6n }));
      const shape = (maxRows: number, maxOffers: number, allowLone: boolean) =>
        meter
          .privateBatch({ maxRows, maxOffers, allowLone, now: 0n })
          .map(({ offerId, rows }) => [offerId, ...rows.map((row) => row.voucher.licenseId)]);
      const [one, two, three] = [
        [1n, 1n, 3n],
        [2n, 2n, 5n],
        [3n, 4n],
      ];
      expect(shape(9, 9, true)).to.deep.equal([three, one, two]);
      expect(shape(2, 9, true)).to.deep.equal([three, [1n, 1n]]);
      expect(shape(9, 2, true)).to.deep.equal([three, one]);
      expect(shape(4, 9, true)).to.deep.equal([three, one, [2n, 2n]]);
      expect(shape(9, 9, false)).to.deep.equal([one, two]);
      expect(shape(9, 1, false)).to.deep.equal([one]);
      expect(shape(3, 9, false)).to.deep.equal([one]);
      expect(shape(1, 9, false)).to.deep.equal([]);
      expect(meter.batch(1)).to.deep.equal([{ offerId: 1n, vouchers: [voucher(20n, { licenseId: 6n })] }]);
    });

    it("batches covers in the remaining room, or anyone could fill a batch for free", () => {
      const licenses = [1n, 2n, 3n].map((licenseId) => ({ ...PRIVATE, licenseId, offerId: licenseId }));
      const meter = meterOf(...licenses);
      for (const licenseId of [1n, 2n]) meter.accept(privateVoucher(0n, 1n, { licenseId, contexts: 0n }));
      meter.accept(privateVoucher(5n, 1n, { licenseId: 3n }));
      const offers = (maxRows: number, maxOffers: number) =>
        meter.privateBatch({ maxRows, maxOffers, allowLone: true }).map(({ offerId }) => offerId);
      expect([offers(1, 9), offers(9, 2), offers(9, 9)]).to.deep.equal([[3n], [3n, 1n], [3n, 1n, 2n]]);
    });

    describe("a lone row", () => {
      const end = LICENSE.settleBy;
      const other = { ...PRIVATE, licenseId: 2n };
      const limits = { maxRows: 9, maxOffers: 9 };

      it("waits for another voucher or a cover, and is reported until then", () => {
        const meter = meterOf(PRIVATE, other, { ...PRIVATE, licenseId: 3n, offerId: 2n, settleBy: 5n });
        meter.accept(privateVoucher(5n, 1n));
        meter.accept(privateVoucher(7n, 2n, { licenseId: 3n }));
        expect(meter.privateBatch({ ...limits, now: 6n })).to.deep.equal([]);
        expect(meter.loneRows()).to.deep.equal([
          { offerId: 2n, licenseId: 3n, settleBy: 5n },
          { offerId: 1n, licenseId: 1n, settleBy: end },
        ]);
        meter.accept(privateVoucher(0n, 3n, { licenseId: 2n, contexts: 0n }));
        const batches = meter.privateBatch({ ...limits, now: 6n });
        expect(batches.map(({ offerId, rows }) => [offerId, rows.length])).to.deep.equal([[1n, 2]]);
        expect(meter.loneRows().map(({ offerId }) => offerId)).to.deep.equal([2n]);
      });

      it("fails from a day before its window's end on, until the end", () => {
        const meter = meterOf(PRIVATE);
        meter.accept(privateVoucher(5n, 1n));
        const batchAt = (now: bigint) => meter.privateBatch({ ...limits, now });
        expect(batchAt(end - 86_401n)).to.deep.equal([]);
        for (const now of [end - 86_400n, end]) {
          const error = expect(() => batchAt(now)).to.throw(LoneRowError, "until 1970-01-12T13:46:40.000Z");
          error.with.property("settleBy", end);
        }
        expect(batchAt(end + 1n)).to.deep.equal([]);
        expect(meter.privateBatch({ ...limits, now: end, allowLone: true })).to.have.length(1);
      });

      it("when its offer is left out, is not urgent: it could not be settled", () => {
        const meter = meterOf(PRIVATE, { ...PRIVATE, licenseId: 3n, offerId: 2n });
        meter.accept(privateVoucher(5n, 1n));
        const batchOf = (without: readonly bigint[]) =>
          meter.privateBatch({ ...limits, now: end, allowLone: without.length === 0, without });
        expect(batchOf([1n])).to.deep.equal([]);
        expect(batchOf([])).to.have.length(1);
        expect(() => batchOf([2n])).to.throw(LoneRowError);
        expect(meter.privateBatch({ ...ALL, without: [1n] })).to.deep.equal([]);
      });

      it("when it is a cover, is neither reported nor urgent: it is owed nothing", () => {
        const meter = meterOf(SETTLED);
        meter.accept(privateVoucher(10n, 6n));
        expect(meter.loneRows()).to.deep.equal([]);
        expect(meter.privateBatch({ ...limits, now: end })).to.deep.equal([]);
      });
    });

    it("when the signer changes, waits for a due voucher, and drops a cover", () => {
      const changed = { ...SETTLED, signer: OTHER };
      const owing = meterOf(SETTLED);
      owing.accept(privateVoucher(11n, 6n));
      expect(owing.admit({ ...changed, settleBy: 90_000n })).to.equal(false);
      expect(owing.loneRows()).to.deep.equal([{ offerId: 1n, licenseId: 1n, settleBy: 90_000n }]);
      const covering = meterOf(SETTLED);
      covering.accept(privateVoucher(10n, 6n));
      expect(covering.admit(changed)).to.equal(true);
      expect(covering.privateBatch(ALL)).to.deep.equal([]);
    });

    it("when it is admitted again, continues from its own books unless the chain is ahead", () => {
      const meter = meterOf(PRIVATE);
      meter.accept(privateVoucher(15n, 1n));
      meter.markSettled(meter.privateBatch(ALL));
      const cover = privateVoucher(15n, 2n);
      meter.accept(cover);
      const known = { units: 15n, contexts: 1n, salt: 1n };
      for (const stale of [PRIVATE, SETTLED, { ...PRIVATE, units: 15n, contexts: 1n }]) {
        meter.admit({ ...stale, prepaid: 200n });
        expect(meter.openingOf(1n)).to.deep.equal(known);
        const rows = [{ voucher: cover, oldOpening: known, cap: 200n }];
        expect(meter.privateBatch(ALL)[0]?.rows).to.deep.equal(rows);
      }
      meter.admit({ ...PRIVATE, units: 15n, contexts: 1n, salt: 2n });
      expect(meter.openingOf(1n)).to.deep.equal({ ...known, salt: 2n });
      expect(meter.privateBatch(ALL)).to.deep.equal([]);
    });

    it("when a license is forgotten or its batch settled, saves none of its vouchers; a repeated batch, each once", () => {
      const sentOf = (meter: ReturnType<typeof createMeter>) => JSON.parse(meter.save()).sent.length;
      for (const end of ["forget", "settle"] as const) {
        const meter = meterOf(SETTLED);
        meter.accept(privateVoucher(15n, 6n));
        const batches = meter.privateBatch(ALL);
        meter.privateBatch(ALL);
        expect(sentOf(meter)).to.equal(1);
        if (end === "forget") meter.forget(1n);
        else meter.markSettled(batches);
        expect(sentOf(meter)).to.equal(0);
      }
    });

    it("when it stopped during a settlement, and a voucher came, still knows the batch", () => {
      const meter = meterOf(SETTLED);
      const [sent, newer] = [privateVoucher(15n, 6n), privateVoucher(20n, 7n)];
      meter.accept(sent);
      meter.privateBatch(ALL);
      meter.accept(newer);
      const restored = createMeter({ verify: () => true, saved: meter.save() });
      expect(restored.recall(1n, sent.usage)).to.equal(true);
      const settled = { units: 15n, contexts: 1n, salt: 6n };
      expect(restored.openingOf(1n)).to.deep.equal(settled);
      expect(restored.privateBatch(ALL)[0]?.rows).to.deep.equal([
        { voucher: newer, oldOpening: settled, cap: 100n },
      ]);
      expect(restored.recall(1n, newer.usage)).to.equal(true);
      expect(restored.privateBatch(ALL)).to.deep.equal([]);
    });

    it("recalls its sent vouchers and the settled one, and nothing else", () => {
      const meter = meterOf(SETTLED);
      const never = privateVoucher(15n, 6n);
      meter.accept(never);
      meter.accept(privateVoucher(20n, 7n));
      const before = meter.save();
      expect(meter.recall(1n, never.usage)).to.equal(false);
      expect(meter.recall(2n, never.usage)).to.equal(false);
      expect(meter.recall(1n, privateVoucher(10n, 5n).usage)).to.equal(true);
      expect(meter.save()).to.equal(before);
    });

    it("when a meter starts from another's save, goes on where it was", () => {
      const meter = meterOf(SETTLED, { ...PRIVATE, licenseId: 2n });
      meter.accept(privateVoucher(15n, 6n));
      const restored = createMeter({ verify: () => true, saved: meter.save() });
      expect(restored.save()).to.equal(meter.save());
      expect(restored.privateBatch(ALL)).to.deep.equal(meter.privateBatch(ALL));
      expect(restored.openingOf(1n)).to.deep.equal(meter.openingOf(1n));
      expect(restored.accept(voucher(20n, { licenseId: 2n }))).to.include({ reason: "VoucherModeMismatch" });
    });
  });

  it("agrees with the ledger on a settlement", async () => {
    const { as, buyer, meter: operator, ledgerAddress: ledger } = await withClients(licenseFixture);
    const { verify } = await createVoucherVerifier({ chainId: 31337n, ledger });
    const meter = createMeter({ verify });
    const signer = buyer.address;
    meter.admit({ ...LICENSE, signer, prepaid: 1_000n, units: 0n, contexts: 0n });
    const user = await as(buyer);
    for (const units of [5n, 12n])
      meter.accept(await signVoucher(user, { licenseId: 1n, units, contexts: 1n }));
    const batches = meter.batch(128);
    const { totals } = await settleOpen(await as(operator), { meterId: 1n, batches });
    expect(totals).to.deep.equal([{ offerId: 1n, units: 12n }]);
    meter.markSettled(batches);
    expect(meter.batch(128)).to.deep.equal([]);
  });
});

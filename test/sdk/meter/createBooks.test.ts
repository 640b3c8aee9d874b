import { LoneRowError, type SignedVoucher, settleOpen, signVoucher } from "@benefit-grid/sdk";
import { createBooks, createVoucherVerifier, type MeteredLicense } from "@benefit-grid/sdk/meter";
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

function booksOf(...licenses: MeteredLicense[]) {
  const books = createBooks({ verify: (_voucher, signer) => signer === SIGNER });
  for (const license of licenses) books.admit(license);
  return books;
}

describe("createBooks", () => {
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
        const books = booksOf(LICENSE);
        expect(books.accept(refused)).to.deep.equal({ ok: false, reason });
        expect(books.batch(9)).to.deep.equal([]);
      });
    }

    it("when somebody else signed, keeps nothing", () => {
      const books = booksOf({ ...LICENSE, signer: OTHER });
      expect(books.accept(voucher(11n))).to.deep.equal({ ok: false, reason: "VoucherSignatureInvalid" });
      expect(books.batch(9)).to.deep.equal([]);
    });

    it("when vouchers follow each other, keeps the newest", () => {
      const books = booksOf(LICENSE);
      expect(books.accept(voucher(15n))).to.deep.equal({ ok: true, increase: 5n });
      expect(books.accept(voucher(15n))).to.deep.equal({ ok: false, reason: "VoucherNotNewer" });
      expect(books.accept(voucher(100n, { contexts: 3n }))).to.deep.equal({ ok: true, increase: 85n });
      const vouchers = [voucher(100n, { contexts: 3n })];
      expect(books.batch(9)).to.deep.equal([{ offerId: 1n, vouchers }]);
    });
  });

  describe("admit", () => {
    it("when the signer changes, waits until the old one's voucher is settled", () => {
      const books = booksOf(LICENSE);
      books.accept(voucher(15n));
      const changed = { ...LICENSE, signer: OTHER };
      expect(books.admit(changed)).to.equal(false);
      expect(books.accept(voucher(16n))).to.include({ ok: true });
      books.markSettled(books.batch(1));
      expect(books.admit(changed)).to.equal(true);
      expect(books.accept(voucher(17n))).to.include({ reason: "VoucherSignatureInvalid" });
    });

    it("when the same signer is written in another case, goes on", () => {
      const books = booksOf(LICENSE);
      books.accept(voucher(15n));
      const written = `0x${"AB".repeat(20)}` as const;
      expect(books.admit({ ...LICENSE, signer: written, prepaid: 200n })).to.equal(true);
      expect(books.batch(1)).to.deep.equal([{ offerId: 1n, vouchers: [voucher(15n)] }]);
    });

    it("when the chain has settled the voucher, drops it", () => {
      const books = booksOf(LICENSE);
      books.accept(voucher(15n));
      expect(books.admit({ ...LICENSE, units: 15n, signer: OTHER })).to.equal(true);
      expect(books.batch(1)).to.deep.equal([]);
    });

    it("when a node lags behind, does not accept a settled voucher again", () => {
      const books = booksOf(LICENSE);
      books.accept(voucher(15n));
      books.markSettled(books.batch(1));
      books.admit({ ...LICENSE, prepaid: 200n });
      expect(books.accept(voucher(15n))).to.include({ reason: "VoucherNotNewer" });
      expect(books.accept(voucher(200n))).to.include({ increase: 185n });
    });
  });

  describe("markConfirmed", () => {
    const confirmed = (signer: MeteredLicense["signer"]) => [{ licenseId: 1n, signer }];

    it("when a change is confirmed, serves the new signer and drops the old one's voucher", () => {
      const books = booksOf({ ...LICENSE, signer: OTHER });
      expect(books.accept(voucher(15n))).to.include({ reason: "VoucherSignatureInvalid" });
      books.markConfirmed(confirmed(SIGNER));
      expect(books.accept(voucher(15n))).to.include({ ok: true });
      books.markConfirmed(confirmed(OTHER));
      expect(books.batch(1)).to.deep.equal([]);
      expect(books.accept(voucher(16n))).to.include({ reason: "VoucherSignatureInvalid" });
    });

    it("when nothing is confirmed, goes on with the old signer", () => {
      const books = booksOf(LICENSE);
      books.accept(voucher(15n));
      books.markConfirmed([]);
      expect(books.batch(1)).to.deep.equal([{ offerId: 1n, vouchers: [voucher(15n)] }]);
    });

    it("when the confirmed signer serves already or the license is unknown, changes nothing", () => {
      const books = booksOf(LICENSE);
      books.accept(voucher(15n));
      const written = `0x${"AB".repeat(20)}` as const;
      books.markConfirmed([...confirmed(written), { licenseId: 9n, signer: OTHER }]);
      expect(books.batch(1)).to.deep.equal([{ offerId: 1n, vouchers: [voucher(15n)] }]);
    });
  });

  describe("batch", () => {
    const licenses = [1n, 2n, 3n].map((licenseId) => ({
      ...LICENSE,
      licenseId,
      offerId: (licenseId + 1n) / 2n,
    }));

    it("when a limit is not a whole number from 1, names it", async () => {
      const books = booksOf(...licenses);
      for (const limit of [0, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await expectInvalid(() => books.batch(limit), "maxRows");
        await expectInvalid(() => books.privateBatch({ ...ALL, maxRows: limit }), "maxRows");
        await expectInvalid(() => books.privateBatch({ ...ALL, maxOffers: limit }), "maxOffers");
      }
    });

    it("leaves out offers without counting them", () => {
      const books = booksOf(...licenses);
      for (const { licenseId } of licenses) books.accept(voucher(15n, { licenseId }));
      expect(books.batch(1, [1n])).to.deep.equal([
        { offerId: 2n, vouchers: [voucher(15n, { licenseId: 3n })] },
      ]);
      expect(books.batch(9, [1n, 2n])).to.deep.equal([]);
      expect(books.batch(9).map(({ offerId }) => offerId)).to.deep.equal([1n, 2n]);
    });

    it("groups vouchers by offer", () => {
      const books = booksOf(...licenses);
      const [first, second, third] = [1n, 2n, 3n].map((licenseId) => voucher(20n, { licenseId }));
      for (const one of [third, first, second]) books.accept(one as SignedVoucher);
      expect(books.batch(3)).to.deep.equal([
        { offerId: 2n, vouchers: [third] },
        { offerId: 1n, vouchers: [first, second] },
      ]);
    });

    it("when a voucher comes while a batch settles, it waits for the next, behind the others", () => {
      const books = booksOf(...licenses);
      for (const licenseId of [1n, 2n]) books.accept(voucher(20n, { licenseId }));
      const batches = books.batch(1);
      books.accept(voucher(30n));
      books.markSettled(batches);
      const [next] = books.batch(2);
      expect(next?.vouchers).to.deep.equal([voucher(20n, { licenseId: 2n }), voucher(30n)]);
    });
  });

  describe("forget", () => {
    it("when a license is closed, keeps nothing of it", () => {
      const books = booksOf(LICENSE);
      books.accept(voucher(15n));
      books.forget(1n);
      expect(books.batch(9)).to.deep.equal([]);
      expect(books.accept(voucher(16n))).to.include({ reason: "LicenseUnknown" });
    });
  });

  describe("save", () => {
    it("when other books start from it, they continue there", () => {
      const books = booksOf(LICENSE, { ...LICENSE, licenseId: 2n });
      books.accept(voucher(15n));
      const restored = createBooks({ verify: () => true, saved: books.save() });
      expect(restored.save()).to.equal(books.save());
      expect(restored.batch(9)).to.deep.equal(books.batch(9));
      expect(restored.accept(voucher(15n))).to.include({ reason: "VoucherNotNewer" });
      expect(restored.accept(voucher(11n, { licenseId: 2n }))).to.include({ increase: 1n });
    });
  });

  describe("given a license of an offer in private mode", () => {
    const PRIVATE: MeteredLicense = { ...LICENSE, mode: "private", units: 0n, contexts: 0n };
    const SETTLED: MeteredLicense = { ...PRIVATE, units: 10n, contexts: 1n, salt: 5n };

    it("when the mode is the other one's, keeps nothing", () => {
      const books = booksOf(PRIVATE, { ...LICENSE, licenseId: 2n });
      const mismatch = { ok: false, reason: "VoucherModeMismatch" };
      expect(books.accept(voucher(15n))).to.deep.equal(mismatch);
      expect(books.accept(privateVoucher(15n, 1n, { licenseId: 2n }))).to.deep.equal(mismatch);
      expect([books.batch(9), books.privateBatch(ALL)]).to.deep.equal([[], []]);
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
        const books = booksOf(SETTLED);
        expect(books.accept(refused)).to.deep.equal({ ok: false, reason });
        expect(books.privateBatch(ALL)).to.deep.equal([]);
      });
    }

    it("tells a wrong opening from a wrong signer", () => {
      const books = createBooks({ verify: () => false });
      books.admit(PRIVATE);
      const honest = privateVoucher(15n, 1n);
      expect(books.accept({ ...honest, units: 16n })).to.include({ reason: "VoucherOpeningInvalid" });
      expect(books.accept(honest)).to.include({ reason: "VoucherSignatureInvalid" });
      expect(books.privateBatch(ALL)).to.deep.equal([]);
    });

    it("keeps the newest, with its old opening and its cap", () => {
      const books = booksOf(SETTLED);
      expect(books.accept(privateVoucher(15n, 6n))).to.deep.equal({ ok: true, increase: 5n });
      const newest = privateVoucher(18n, 7n);
      expect(books.accept(newest)).to.deep.equal({ ok: true, increase: 3n });
      const settled = { units: 10n, contexts: 1n, salt: 5n };
      const rows = [{ voucher: newest, oldOpening: settled, cap: 100n }];
      expect(books.privateBatch(ALL)).to.deep.equal([{ offerId: 1n, allowedContexts: 7n, rows }]);
      expect(books.batch(9)).to.deep.equal([]);
      expect(books.openingOf(1n)).to.deep.equal(settled);
    });

    it("when nothing is settled, a voucher of no units is a cover, too", () => {
      const books = booksOf(PRIVATE);
      expect(books.openingOf(1n)).to.equal(undefined);
      const first = privateVoucher(0n, 1n, { contexts: 0n });
      expect(books.accept(first)).to.deep.equal({ ok: true, increase: 0n });
      expect(books.privateBatch(ALL)[0]?.rows[0]).to.deep.include({ voucher: first, oldOpening: undefined });
    });

    it("when a batch is settled, has its opening, and newer vouchers wait", () => {
      const books = booksOf(PRIVATE);
      books.accept(privateVoucher(15n, 1n));
      const batches = books.privateBatch(ALL);
      const cover = privateVoucher(15n, 2n);
      expect(books.accept(cover)).to.deep.equal({ ok: true, increase: 0n });
      books.markSettled(batches);
      const settled = { units: 15n, contexts: 1n, salt: 1n };
      expect(books.openingOf(1n)).to.deep.equal(settled);
      expect(books.privateBatch(ALL)[0]?.rows).to.deep.equal([
        { voucher: cover, oldOpening: settled, cap: 100n },
      ]);
      books.markSettled(books.privateBatch(ALL));
      expect(books.privateBatch(ALL)).to.deep.equal([]);
      expect(books.openingOf(1n)).to.deep.equal({ ...settled, salt: 2n });
      expect(books.accept(cover)).to.include({ reason: "VoucherNotNewer" });
    });

    it("when it is told late of a batch before the last, stays with the last", () => {
      const books = booksOf(PRIVATE);
      books.accept(privateVoucher(15n, 1n));
      const first = books.privateBatch(ALL);
      books.markSettled(first);
      books.accept(privateVoucher(20n, 2n));
      books.markSettled(books.privateBatch(ALL));
      books.accept(privateVoucher(25n, 3n));
      const before = books.save();
      books.markSettled(first);
      expect(books.save()).to.equal(before);
      expect(books.openingOf(1n)).to.deep.equal({ units: 20n, contexts: 1n, salt: 2n });
    });

    it("batches within both limits, longest waiting first, open ones separately", () => {
      const offers = { 1: 1n, 2: 2n, 3: 1n, 4: 3n, 5: 2n } as Record<number, bigint>;
      const ids = [1n, 2n, 3n, 4n, 5n];
      const licenses = ids.map((id) => ({
        ...PRIVATE,
        licenseId: id,
        offerId: offers[Number(id)] as bigint,
      }));
      const books = booksOf(...licenses, { ...LICENSE, licenseId: 6n });
      for (const licenseId of [4n, 1n, 2n, 3n, 5n]) books.accept(privateVoucher(5n, 1n, { licenseId }));
      books.accept(voucher(20n, { licenseId: 6n }));
      const shape = (maxRows: number, maxOffers: number, allowLone: boolean) =>
        books
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
      expect(books.batch(1)).to.deep.equal([{ offerId: 1n, vouchers: [voucher(20n, { licenseId: 6n })] }]);
    });

    it("batches covers in the remaining room, or anyone could fill a batch for free", () => {
      const licenses = [1n, 2n, 3n].map((licenseId) => ({ ...PRIVATE, licenseId, offerId: licenseId }));
      const books = booksOf(...licenses);
      for (const licenseId of [1n, 2n]) books.accept(privateVoucher(0n, 1n, { licenseId, contexts: 0n }));
      books.accept(privateVoucher(5n, 1n, { licenseId: 3n }));
      const offers = (maxRows: number, maxOffers: number) =>
        books.privateBatch({ maxRows, maxOffers, allowLone: true }).map(({ offerId }) => offerId);
      expect([offers(1, 9), offers(9, 2), offers(9, 9)]).to.deep.equal([[3n], [3n, 1n], [3n, 1n, 2n]]);
    });

    describe("a lone row", () => {
      const end = LICENSE.settleBy;
      const other = { ...PRIVATE, licenseId: 2n };
      const limits = { maxRows: 9, maxOffers: 9 };

      it("waits for another voucher or a cover, and is reported until then", () => {
        const books = booksOf(PRIVATE, other, { ...PRIVATE, licenseId: 3n, offerId: 2n, settleBy: 5n });
        books.accept(privateVoucher(5n, 1n));
        books.accept(privateVoucher(7n, 2n, { licenseId: 3n }));
        expect(books.privateBatch({ ...limits, now: 6n })).to.deep.equal([]);
        expect(books.loneRows()).to.deep.equal([
          { offerId: 2n, licenseId: 3n, settleBy: 5n },
          { offerId: 1n, licenseId: 1n, settleBy: end },
        ]);
        books.accept(privateVoucher(0n, 3n, { licenseId: 2n, contexts: 0n }));
        const batches = books.privateBatch({ ...limits, now: 6n });
        expect(batches.map(({ offerId, rows }) => [offerId, rows.length])).to.deep.equal([[1n, 2]]);
        expect(books.loneRows().map(({ offerId }) => offerId)).to.deep.equal([2n]);
      });

      it("fails from a day before its window's end on, until the end", () => {
        const books = booksOf(PRIVATE);
        books.accept(privateVoucher(5n, 1n));
        const batchAt = (now: bigint) => books.privateBatch({ ...limits, now });
        expect(batchAt(end - 86_401n)).to.deep.equal([]);
        for (const now of [end - 86_400n, end]) {
          const error = expect(() => batchAt(now)).to.throw(LoneRowError, "until 1970-01-12T13:46:40.000Z");
          error.with.property("settleBy", end);
        }
        expect(batchAt(end + 1n)).to.deep.equal([]);
        expect(books.privateBatch({ ...limits, now: end, allowLone: true })).to.have.length(1);
      });

      it("when its offer is left out, is not urgent: it could not be settled", () => {
        const books = booksOf(PRIVATE, { ...PRIVATE, licenseId: 3n, offerId: 2n });
        books.accept(privateVoucher(5n, 1n));
        const batchOf = (without: readonly bigint[]) =>
          books.privateBatch({ ...limits, now: end, allowLone: without.length === 0, without });
        expect(batchOf([1n])).to.deep.equal([]);
        expect(batchOf([])).to.have.length(1);
        expect(() => batchOf([2n])).to.throw(LoneRowError);
        expect(books.privateBatch({ ...ALL, without: [1n] })).to.deep.equal([]);
      });

      it("when it is a cover, is neither reported nor urgent: it is owed nothing", () => {
        const books = booksOf(SETTLED);
        books.accept(privateVoucher(10n, 6n));
        expect(books.loneRows()).to.deep.equal([]);
        expect(books.privateBatch({ ...limits, now: end })).to.deep.equal([]);
      });
    });

    it("when the signer changes, waits for a due voucher, and drops a cover", () => {
      const changed = { ...SETTLED, signer: OTHER };
      const owing = booksOf(SETTLED);
      owing.accept(privateVoucher(11n, 6n));
      expect(owing.admit({ ...changed, settleBy: 90_000n })).to.equal(false);
      expect(owing.loneRows()).to.deep.equal([{ offerId: 1n, licenseId: 1n, settleBy: 90_000n }]);
      const covering = booksOf(SETTLED);
      covering.accept(privateVoucher(10n, 6n));
      expect(covering.admit(changed)).to.equal(true);
      expect(covering.privateBatch(ALL)).to.deep.equal([]);
    });

    it("when it is admitted again, continues from its own books unless the chain is ahead", () => {
      const books = booksOf(PRIVATE);
      books.accept(privateVoucher(15n, 1n));
      books.markSettled(books.privateBatch(ALL));
      const cover = privateVoucher(15n, 2n);
      books.accept(cover);
      const known = { units: 15n, contexts: 1n, salt: 1n };
      for (const stale of [PRIVATE, SETTLED, { ...PRIVATE, units: 15n, contexts: 1n }]) {
        books.admit({ ...stale, prepaid: 200n });
        expect(books.openingOf(1n)).to.deep.equal(known);
        const rows = [{ voucher: cover, oldOpening: known, cap: 200n }];
        expect(books.privateBatch(ALL)[0]?.rows).to.deep.equal(rows);
      }
      books.admit({ ...PRIVATE, units: 15n, contexts: 1n, salt: 2n });
      expect(books.openingOf(1n)).to.deep.equal({ ...known, salt: 2n });
      expect(books.privateBatch(ALL)).to.deep.equal([]);
    });

    it("when a license is forgotten or its batch settled, saves none of its vouchers; a repeated batch, each once", () => {
      const sentOf = (books: ReturnType<typeof createBooks>) => JSON.parse(books.save()).sent.length;
      for (const end of ["forget", "settle"] as const) {
        const books = booksOf(SETTLED);
        books.accept(privateVoucher(15n, 6n));
        const batches = books.privateBatch(ALL);
        books.privateBatch(ALL);
        expect(sentOf(books)).to.equal(1);
        if (end === "forget") books.forget(1n);
        else books.markSettled(batches);
        expect(sentOf(books)).to.equal(0);
      }
    });

    it("when it stopped during a settlement, and a voucher came, still knows the batch", () => {
      const books = booksOf(SETTLED);
      const [sent, newer] = [privateVoucher(15n, 6n), privateVoucher(20n, 7n)];
      books.accept(sent);
      books.privateBatch(ALL);
      books.accept(newer);
      const restored = createBooks({ verify: () => true, saved: books.save() });
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
      const books = booksOf(SETTLED);
      const never = privateVoucher(15n, 6n);
      books.accept(never);
      books.accept(privateVoucher(20n, 7n));
      const before = books.save();
      expect(books.recall(1n, never.usage)).to.equal(false);
      expect(books.recall(2n, never.usage)).to.equal(false);
      expect(books.recall(1n, privateVoucher(10n, 5n).usage)).to.equal(true);
      expect(books.save()).to.equal(before);
    });

    it("when other books start from it, they continue there", () => {
      const books = booksOf(SETTLED, { ...PRIVATE, licenseId: 2n });
      books.accept(privateVoucher(15n, 6n));
      const restored = createBooks({ verify: () => true, saved: books.save() });
      expect(restored.save()).to.equal(books.save());
      expect(restored.privateBatch(ALL)).to.deep.equal(books.privateBatch(ALL));
      expect(restored.openingOf(1n)).to.deep.equal(books.openingOf(1n));
      expect(restored.accept(voucher(20n, { licenseId: 2n }))).to.include({ reason: "VoucherModeMismatch" });
    });
  });

  it("agrees with the ledger on a settlement", async () => {
    const { as, buyer, meter: operator, ledgerAddress: ledger } = await withClients(licenseFixture);
    const { verify } = await createVoucherVerifier({ chainId: 31337n, ledger });
    const books = createBooks({ verify });
    const signer = buyer.address;
    books.admit({ ...LICENSE, signer, prepaid: 1_000n, units: 0n, contexts: 0n });
    const user = await as(buyer);
    for (const units of [5n, 12n])
      books.accept(await signVoucher(user, { licenseId: 1n, units, contexts: 1n }));
    const batches = books.batch(128);
    const { totals } = await settleOpen(await as(operator), { meterId: 1n, batches });
    expect(totals).to.deep.equal([{ offerId: 1n, units: 12n }]);
    books.markSettled(batches);
    expect(books.batch(128)).to.deep.equal([]);
  });
});

import {
  findStaleRows,
  getEscrow,
  getLicense,
  getOffer,
  getUsage,
  getWithdrawable,
  settleBatch,
  settleRetired,
} from "@benefit-grid/sdk";
import { createBooks, createVoucherVerifier } from "@benefit-grid/sdk/meter";
import { expect } from "chai";
import { impersonate } from "../../grid.ts";
import { expectInvalid, expectRevert } from "../clients.ts";
import { provenBatch } from "../proven.ts";
import { NO_PROOF, privateGrid } from "./support.ts";

describe("settleBatch", () => {
  it("when the batch is for another chain or ledger, refuses it", async () => {
    const { client, firstOffers, build } = await privateGrid();
    const batch = build(await firstOffers());
    const elsewhere = [
      { ...batch, chainId: 1n },
      { ...batch, ledger: client.addresses.LicenseNFT },
    ];
    for (const other of elsewhere)
      await expectInvalid(settleBatch(client, { batch: other, proof: NO_PROOF }), "batch");
  });

  it("when somebody else than the operator calls, or the proof is none, reverts", async () => {
    const { client, clientOf, buyer, firstOffers, build } = await privateGrid();
    const batch = build(await firstOffers());
    const args = { meterId: 1n, caller: buyer.address };
    await expectRevert(settleBatch(clientOf(1n), { batch, proof: NO_PROOF }), "CallerNotMeterOperator", args);
    await expectRevert(settleBatch(client, { batch, proof: NO_PROOF }), "ProofInvalid", {});
  });

  it("when proved, each license has a new commitment, and totals are paid", async () => {
    const { client, firstOffers, build, payee, token } = await privateGrid();
    const offers = await firstOffers();
    const batch = build(offers);
    const { totals } = await settleBatch(client, { batch, proof: await provenBatch(batch) });
    expect(totals).to.deep.equal([
      { offerId: 2n, units: 150n },
      { offerId: 3n, units: 7n },
    ]);
    for (const { voucher } of offers.flatMap(({ rows }) => rows)) {
      expect(await getUsage(client, { licenseId: voucher.licenseId })).to.deep.equal({
        units: undefined,
        contexts: undefined,
        commitment: voucher.usage,
      });
    }
    expect(await getEscrow(client, { offerId: 2n })).to.include({ balance: 25n * (2_000n - 150n) });
    const compute = (150n * 25n) / 5n + (7n * 3n) / 5n;
    expect(await getWithdrawable(client, { account: payee.address, token })).to.equal(compute);
  });

  it("when a license moved on since the batch was built, the proof does not hold", async () => {
    const { client, firstOffers, build } = await privateGrid();
    const batch = build(await firstOffers());
    const proof = await provenBatch(batch);
    await settleBatch(client, { batch, proof });
    await expectRevert(settleBatch(client, { batch, proof }), "ProofInvalid", {});
    expect(await findStaleRows(client, { batch })).to.deep.equal([1n, 2n, 3n]);
  });

  it("a meter's books settle twice, the second time with a cover", async () => {
    const { client, sign, build, buyer, stranger, ledgerAddress: ledger } = await privateGrid();
    const { verify } = await createVoucherVerifier({ chainId: 31337n, ledger });
    const books = createBooks({ verify });
    for (const [licenseId, { address: signer }] of [
      [1n, buyer],
      [2n, stranger],
    ] as const) {
      const fresh = { units: 0n, contexts: 0n, mode: "private" } as const;
      const { settleBy } = await getLicense(client, { licenseId });
      books.admit({ licenseId, offerId: 2n, signer, settleBy, prepaid: 1_000n, allowed: 7n, ...fresh });
    }
    const settleAll = async () => {
      const offers = books.privateBatch({ maxRows: 16, maxOffers: 4 });
      const batch = build(offers);
      expect(await findStaleRows(client, { batch })).to.deep.equal([]);
      const { totals } = await settleBatch(client, { batch, proof: await provenBatch(batch) });
      books.markSettled(offers);
      return totals;
    };
    expect(books.accept(await sign(1n, 100n))).to.deep.equal({ ok: true, increase: 100n });
    expect(books.accept(await sign(2n, 50n))).to.deep.equal({ ok: true, increase: 50n });
    expect(await settleAll()).to.deep.equal([{ offerId: 2n, units: 150n }]);

    expect(books.accept(await sign(1n, 1_000n, { contexts: 5n }))).to.deep.equal({
      ok: true,
      increase: 900n,
    });
    expect(books.accept(await sign(2n, 50n))).to.deep.equal({ ok: false, reason: "VoucherNotNewer" });
    const cover = await sign(2n, 50n, { cover: 1n });
    expect(books.accept(cover)).to.deep.equal({ ok: true, increase: 0n });
    expect(await settleAll()).to.deep.equal([{ offerId: 2n, units: 900n }]);
    expect((await getUsage(client, { licenseId: 2n })).commitment).to.equal(cover.usage);
    expect(books.openingOf(2n)).to.deep.equal({ units: 50n, contexts: 1n, salt: cover.salt });
  });
});

describe("settleRetired", () => {
  async function retired() {
    const grid = await privateGrid();
    await grid.terms.connect(await impersonate(grid.timelock)).retireLedger(grid.ledgerAddress);
    return grid;
  }

  it("when something is malformed, names it", async () => {
    const { client, firstOffers } = await privateGrid();
    const [offer] = await firstOffers();
    const [row] = offer?.rows ?? [];
    if (!offer || !row) throw new Error("There are offers with rows.");
    const settle = (offers: Parameters<typeof settleRetired>[1]["offers"]) =>
      settleRetired(client, { meterId: 1n, offers });
    const with_ = (change: object) => settle([{ ...offer, rows: [{ ...row, ...change }] }]);
    await expectInvalid(settle([]), "offers");
    await expectInvalid(settle([{ ...offer, rows: [] }]), "offers[0].rows");
    const path = "offers[0].rows[0]";
    await expectInvalid(with_({ voucher: { ...row.voucher, units: 1n } }), `${path}.voucher.usage`);
    await expectInvalid(with_({ voucher: { ...row.voucher, signature: "0x" } }), `${path}.voucher.signature`);
    await expectInvalid(
      with_({ oldOpening: { units: 2n ** 64n, contexts: 0n, salt: 0n } }),
      `${path}.oldOpening.units`,
    );
  });

  it("while the ledger takes proofs, reverts", async () => {
    const { client, firstOffers } = await privateGrid();
    const settling = settleRetired(client, { meterId: 1n, offers: await firstOffers() });
    await expectRevert(settling, "LedgerNotRetired", {});
  });

  it("when the ledger is retired, settles without proofs, in the ledger's order", async () => {
    const { client, firstOffers, build } = await retired();
    const offers = await firstOffers();
    const proving = settleBatch(client, { batch: build(offers), proof: NO_PROOF });
    await expectRevert(proving, "LedgerNotAdmitted", {});
    const shuffled = offers.map((offer) => ({ ...offer, rows: [...offer.rows].reverse() }));
    const { totals } = await settleRetired(client, { meterId: 1n, offers: shuffled });
    expect(totals).to.deep.equal([
      { offerId: 2n, units: 150n },
      { offerId: 3n, units: 7n },
    ]);
  });

  it("when something is settled, takes its opening, and no other", async () => {
    const { client, firstOffers, sign } = await retired();
    const offers = await firstOffers();
    await settleRetired(client, { meterId: 1n, offers });
    const voucher = await sign(3n, 9n);
    const settled = offers[0]?.rows[0]?.voucher ?? expect.fail("no voucher");
    const settle = (opening: typeof settled | undefined) =>
      settleRetired(client, {
        meterId: 1n,
        offers: [{ offerId: 3n, rows: [{ voucher, oldOpening: opening }] }],
      });
    const args = { licenseId: 3n, usage: settled.usage };
    await expectRevert(settle(undefined), "OpeningInvalid", args);
    await expectRevert(settle({ ...settled, salt: settled.salt + 1n }), "OpeningInvalid", args);
    expect((await settle(settled)).totals).to.deep.equal([{ offerId: 3n, units: 2n }]);
  });
});

describe("an offer in private mode", () => {
  it("says so", async () => {
    const { client } = await privateGrid();
    const modes = await Promise.all([1n, 2n].map((offerId) => getOffer(client, { offerId })));
    expect(modes.map(({ mode }) => mode)).to.deep.equal(["open", "private"]);
  });
});

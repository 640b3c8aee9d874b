import { expect } from "chai";
import {
  deployLedger,
  ethers,
  impersonate,
  mintParams,
  networkHelpers,
  VOUCHER_TYPES,
  voucher,
  voucherDomain,
  WINDOW,
} from "../grid.ts";
import { addOffer } from "../settlement/support.ts";
import { entryOf, forgedVoucher, ledgerFixture, usageOf } from "./support.ts";

describe("UsageLedger: settling", () => {
  describe("settleOpen", () => {
    it("when somebody other than the operator calls, reverts, the payee included", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const rows = [await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n })];
      await expect(grid.ledger.connect(grid.payee).settleOpen(1n, [{ offerId: 1n, rows }]))
        .to.be.revertedWithCustomError(grid.ledger, "CallerNotMeterOperator")
        .withArgs(1n, grid.payee.address);
    });

    it("when the offer does not exist, reverts", async () => {
      const { terms, settle } = await networkHelpers.loadFixture(ledgerFixture);
      for (const offerId of [0n, 3n]) {
        await expect(settle([], offerId))
          .to.be.revertedWithCustomError(terms, "OfferNonexistent")
          .withArgs(offerId);
      }
    });

    it("when the offer is another meter's, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { ledger, stranger, buyer } = grid;
      await ledger.connect(stranger).registerMeter(stranger, stranger, "");
      const rows = [await voucher(grid, buyer, { licenseId: 1n, units: 10n })];
      await expect(ledger.connect(stranger).settleOpen(2n, [{ offerId: 1n, rows }]))
        .to.be.revertedWithCustomError(ledger, "OfferNotMetered")
        .withArgs(1n, 2n);
    });

    it("when the offer is another ledger's, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { meter, buyer } = grid;
      const other = await deployLedger(grid);
      await other.connect(meter).registerMeter(meter, meter, "");
      const rows = [await voucher({ ledger: other }, buyer, { licenseId: 1n, units: 10n })];
      await expect(other.connect(meter).settleOpen(1n, [{ offerId: 1n, rows }]))
        .to.be.revertedWithCustomError(other, "OfferNotMetered")
        .withArgs(1n, 1n);
    });

    it("when an offer has no rows, reverts", async () => {
      const { ledger, settle } = await networkHelpers.loadFixture(ledgerFixture);
      await expect(settle([])).to.be.revertedWithCustomError(ledger, "BatchEmpty").withArgs(1n);
    });

    it("when an entry has bits above 64 of license id, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      for (const bit of [160n, 255n]) {
        const entry = ethers.toBeHex(BigInt(entryOf(1n, 10n)) | (1n << bit), 32);
        const row = await forgedVoucher(grid, grid.buyer, entry);
        await expect(grid.settle([row]))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherMalformed")
          .withArgs(entry);
      }
    });

    it("when the license is another offer's, was never minted or is closed, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { licenses, buyer, settle, ledger } = grid;
      await licenses.connect(buyer).requestClose(1n);
      await networkHelpers.time.increase(3n * 86_400n + 1n);
      await ledger.close(1n);
      for (const licenseId of [3n, 4n, 1n, 0n]) {
        const row = await voucher(grid, buyer, { licenseId, units: 10n });
        await expect(settle([row]))
          .to.be.revertedWithCustomError(licenses, "LicenseOfferMismatch")
          .withArgs(licenseId, 1n);
      }
    });

    it("when somebody else signed, reverts with the right signer", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      for (const other of [grid.stranger, grid.meter, grid.creator]) {
        const row = await voucher(grid, other, { licenseId: 1n, units: 10n });
        await expect(grid.settle([row]))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
          .withArgs(1n, grid.buyer.address);
      }
    });

    it("when s is above half of the curve's order, reverts although the signer is recovered; at half, settles", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { ledger, licenses, buyer } = grid;
      const half = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
      const { entry, r } = await voucher(grid, buyer, { licenseId: 1n, units: 10n });
      const message = { licenseId: 1n, usage: usageOf(10n) };
      const digest = ethers.TypedDataEncoder.hash(await voucherDomain(ledger), VOUCHER_TYPES, message);
      const settleAsRecovered = async (s: bigint) => {
        const signature = ethers.Signature.from({ r, s: ethers.toBeHex(s, 32), v: 27 });
        const signer = ethers.recoverAddress(digest, signature);
        await licenses.connect(buyer).setSigner(1n, signer);
        await networkHelpers.time.increase(WINDOW + 1n);
        expect(await licenses.signerOf(1n)).to.equal(signer);
        return { signer, settled: grid.settle([{ entry, r, vs: signature.yParityAndS }]) };
      };
      const above = await settleAsRecovered(half + 1n);
      await expect(above.settled)
        .to.be.revertedWithCustomError(ledger, "VoucherSignatureInvalid")
        .withArgs(1n, above.signer);
      const { settled } = await settleAsRecovered(half);
      await expect(settled).to.emit(ledger, "OpenSettled").withArgs(1n, 1n, 10n, [entry]);
    });

    it("when units or contexts differ from the signed ones, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      for (const [units, contexts] of [
        [11n, 1n],
        [10n, 3n],
      ] as const) {
        const row = await forgedVoucher(grid, grid.buyer, entryOf(1n, units, contexts), {
          usage: usageOf(10n),
        });
        await expect(grid.settle([row]))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
          .withArgs(1n, grid.buyer.address);
      }
    });

    it("when it was signed for another license, chain, contract, name or version, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { chainId } = await voucherDomain(grid.ledger);
      const elsewhere = [
        { licenseId: 2n },
        { licenseId: 2n ** 64n + 1n },
        { domain: { chainId: chainId + 1n } },
        { domain: { verifyingContract: await grid.router.getAddress() } },
        { domain: { name: "Benefit Grid" } },
        { domain: { version: "2" } },
      ];
      for (const signed of elsewhere) {
        const row = await forgedVoucher(grid, grid.buyer, entryOf(1n, 10n), signed);
        await expect(grid.settle([row]))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
          .withArgs(1n, grid.buyer.address);
      }
    });

    it("when the voucher is not above the stored units, reverts: replayed, older or empty", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const older = await voucher(grid, grid.buyer, { licenseId: 1n, units: 9n });
      const row = await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n });
      const empty = await voucher(grid, grid.stranger, { licenseId: 2n, units: 0n });
      await grid.settle([row]);
      for (const [each, units] of [
        [row, 10n],
        [older, 9n],
      ] as const) {
        await expect(grid.settle([each]))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherNotNewer")
          .withArgs(1n, 10n, units);
      }
      await expect(grid.settle([empty]))
        .to.be.revertedWithCustomError(grid.ledger, "VoucherNotNewer")
        .withArgs(2n, 0n, 0n);
    });

    it("when the same voucher is in a batch twice, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const row = await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n });
      await expect(grid.settle([row, row]))
        .to.be.revertedWithCustomError(grid.ledger, "VoucherNotNewer")
        .withArgs(1n, 10n, 10n);
    });

    it("when it is above the prepaid units, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      for (const units of [1_001n, 2n ** 64n - 1n]) {
        const row = await voucher(grid, grid.buyer, { licenseId: 1n, units });
        await expect(grid.settle([row]))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherExceedsPrepaid")
          .withArgs(1n, units, 1_000n);
      }
    });

    it("when it drops a settled context, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      await grid.settle([await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n, contexts: 3n })]);
      for (const contexts of [1n, 6n, 0n]) {
        const row = await voucher(grid, grid.buyer, { licenseId: 1n, units: 11n, contexts });
        await expect(grid.settle([row]))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherContextsDropped")
          .withArgs(1n, 3n, contexts);
      }
    });

    it("when it has a context outside the terms, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      for (const contexts of [8n, 9n, 2n ** 31n]) {
        const row = await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n, contexts });
        await expect(grid.settle([row]))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherContextsNotAllowed")
          .withArgs(1n, contexts, 7n);
      }
    });

    it("when the terms allow a set with gaps, reverts for a context in a gap", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { licenses, buyer } = grid;
      const offerId = await addOffer(grid, {}, { contexts: 5n });
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, 10n), "0x");
      for (const contexts of [2n, 3n, 4n | 2n]) {
        const row = await voucher(grid, buyer, { licenseId: 4n, units: 1n, contexts });
        await expect(grid.settle([row], offerId))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherContextsNotAllowed")
          .withArgs(4n, contexts, 5n);
      }
      await grid.settle([await voucher(grid, buyer, { licenseId: 4n, units: 1n, contexts: 5n })], offerId);
      expect(await grid.ledger.usageOf(4n)).to.equal(usageOf(1n, 5n));
    });

    it("when the voucher is good, counts its units, pays for them and says so", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { ledger, router, usd, payee, buyer } = grid;
      const row = await voucher(grid, buyer, { licenseId: 1n, units: 10n, contexts: 5n });
      const settled = grid.settle([row]);
      await expect(settled).to.emit(ledger, "OpenSettled").withArgs(1n, 1n, 10n, [row.entry]);
      await expect(settled)
        .to.emit(router, "Released")
        .withArgs(1n, 1n, payee.address, 1n, 10n, 250n, 50n, 7n, 0n);
      expect(await ledger.usageOf(1n)).to.equal(usageOf(10n, 5n));
      expect(await router.escrowOf(1n)).to.deep.equal([49_750n, 0n, 2_000n]);
      expect(await router.withdrawable(payee, usd)).to.equal(50n);
    });

    it("when a later voucher replaces an earlier one, counts the increase alone", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const first = await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n });
      const second = await voucher(grid, grid.buyer, { licenseId: 1n, units: 35n, contexts: 7n });
      await grid.settle([first]);
      await expect(grid.settle([second]))
        .to.emit(grid.ledger, "OpenSettled")
        .withArgs(1n, 1n, 25n, [second.entry]);
      expect(await grid.ledger.usageOf(1n)).to.equal(usageOf(35n, 7n));
      expect((await grid.router.escrowOf(1n)).balance).to.equal(50_000n - 875n);
    });

    it("when all prepaid units are used, settles the last one", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      await grid.settle([await voucher(grid, grid.buyer, { licenseId: 1n, units: 1_000n })]);
      expect((await grid.router.escrowOf(1n)).balance).to.equal(25_000n);
    });

    it("when two vouchers of a license are in a batch, the newer second, counts both once", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const first = await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n });
      const second = await voucher(grid, grid.buyer, { licenseId: 1n, units: 30n });
      await expect(grid.settle([first, second]))
        .to.emit(grid.ledger, "OpenSettled")
        .withArgs(1n, 1n, 30n, [first.entry, second.entry]);
      expect((await grid.router.escrowOf(1n)).balance).to.equal(50_000n - 750n);
    });

    it("when several offers settle in a call, each pays from its own escrow", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { ledger, router, meter, buyer, stranger } = grid;
      const [one, two, three] = [
        await voucher(grid, buyer, { licenseId: 1n, units: 10n }),
        await voucher(grid, stranger, { licenseId: 2n, units: 20n }),
        await voucher(grid, buyer, { licenseId: 3n, units: 100n }),
      ];
      const settled = ledger.connect(meter).settleOpen(1n, [
        { offerId: 1n, rows: [two, one] },
        { offerId: 2n, rows: [three] },
      ]);
      await expect(settled).to.emit(ledger, "OpenSettled").withArgs(1n, 1n, 30n, [two.entry, one.entry]);
      await expect(settled).to.emit(ledger, "OpenSettled").withArgs(1n, 2n, 100n, [three.entry]);
      expect(await router.escrowOf(1n)).to.deep.equal([49_250n, 0n, 2_000n]);
      expect(await router.escrowOf(2n)).to.deep.equal([1_200n, 0n, 500n]);
    });

    it("when one row fails, nothing settles; without it, the others do", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const good = await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n });
      const bad = await voucher(grid, grid.buyer, { licenseId: 2n, units: 10n });
      await expect(grid.settle([good, bad]))
        .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
        .withArgs(2n, grid.stranger.address);
      expect(await grid.ledger.usageOf(1n)).to.equal(ethers.ZeroHash);
      await grid.settle([good]);
      expect(await grid.ledger.usageOf(1n)).to.equal(usageOf(10n));
    });

    it("when no offers are named, does nothing", async () => {
      const { ledger, meter } = await networkHelpers.loadFixture(ledgerFixture);
      const { logs } = (await (await ledger.connect(meter).settleOpen(1n, [])).wait()) ?? {};
      expect(logs).to.deep.equal([]);
    });

    it("when a license is topped up while a batch is in flight, the batch still settles", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { licenses, buyer } = grid;
      const row = await voucher(grid, buyer, { licenseId: 1n, units: 1_000n });
      const more = await voucher(grid, buyer, { licenseId: 1n, units: 1_500n });
      await licenses.connect(buyer).topUp(1n, 500n, 12_500n, "0x");
      await grid.settle([row]);
      await grid.settle([more]);
      expect(await grid.ledger.usageOf(1n)).to.equal(usageOf(1_500n));
    });

    it("when the offer or its ledger is retired, licenses still settle", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { terms, creator, timelock, ledger, buyer } = grid;
      await terms.connect(creator).retireOffer(1n);
      await terms.connect(await impersonate(timelock)).retireLedger(ledger);
      await grid.settle([await voucher(grid, buyer, { licenseId: 1n, units: 10n })]);
      expect(await ledger.usageOf(1n)).to.equal(usageOf(10n));
    });

    it("when the meter's payee changed, the new one earns from later settlements", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { ledger, router, usd, meter, payee, creator, buyer } = grid;
      await grid.settle([await voucher(grid, buyer, { licenseId: 1n, units: 10n })]);
      await ledger.connect(meter).setMeter(1n, meter, creator, "");
      await grid.settle([await voucher(grid, buyer, { licenseId: 1n, units: 30n })]);
      expect(await router.withdrawable(payee, usd)).to.equal(50n);
      expect(await router.withdrawable(creator, usd)).to.equal(100n);
    });
  });
});

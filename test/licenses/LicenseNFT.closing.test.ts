import { expect } from "chai";
import {
  ethers,
  impersonate,
  LAPSE,
  licenseFixture,
  MILLION,
  mintParams,
  networkHelpers,
  offerFixture,
  UNIT_PRICE,
  voucher,
  WINDOW,
  waitHalfTerm,
} from "../grid.ts";
import { addOffer, expiryOf, mineAt, nextAt, setPrepaid } from "./support.ts";

const PRICE = 1_000n * UNIT_PRICE;

/** License 1 of the buyer: 400 of 1,000 units are settled. */
async function usedFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const rows = [await voucher(grid, grid.buyer, { licenseId: 1n, units: 400n })];
  await grid.ledger.connect(grid.meter).settleOpen(1n, [{ offerId: 1n, rows }]);
  return { ...grid, windowEnd: (await expiryOf(grid)) + WINDOW };
}

/** License 1 of one unit, at the highest price. */
async function highestPrice() {
  const grid = await networkHelpers.loadFixture(offerFixture);
  const pricePerMillion = 2n ** 96n - 1n;
  const offerId = await addOffer(grid, {}, { pricePerMillion });
  const price = pricePerMillion / MILLION + 1n;
  await grid.usd.mint(grid.buyer, price);
  await grid.licenses.connect(grid.buyer).mint(mintParams(offerId, grid.buyer, 1n, price), "0x");
  return grid;
}

describe("LicenseNFT closing", () => {
  describe("close", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses, ledger } = await networkHelpers.loadFixture(usedFixture);
      await expect(ledger.close(2n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when anybody but the ledger calls, even the holder, reverts", async () => {
      const { licenses, buyer, meter, windowEnd } = await networkHelpers.loadFixture(usedFixture);
      await mineAt(windowEnd);
      for (const caller of [buyer, meter]) {
        await expect(licenses.connect(caller).close(1n, 0n))
          .to.be.revertedWithCustomError(licenses, "CallerNotLicenseLedger")
          .withArgs(1n, caller.address);
      }
    });

    it("when the window's last second has not passed, reverts", async () => {
      const { licenses, ledger, windowEnd } = await networkHelpers.loadFixture(usedFixture);
      await nextAt(windowEnd);
      await expect(ledger.close(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseWindowOpen")
        .withArgs(1n, windowEnd);
    });

    it("when the license has lapsed by a second, reverts", async () => {
      const { licenses, ledger, windowEnd } = await networkHelpers.loadFixture(usedFixture);
      await nextAt(windowEnd + LAPSE + 1n);
      await expect(ledger.close(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseLapsedAlready")
        .withArgs(1n, windowEnd + LAPSE);
    });

    it("when the ledger reports more used than prepaid, reverts", async () => {
      const { licenses, ledger, windowEnd } = await networkHelpers.loadFixture(usedFixture);
      const caller = await impersonate(ledger);
      await mineAt(windowEnd + 1n);
      await expect(licenses.connect(caller).close(1n, 1_001n))
        .to.be.revertedWithCustomError(licenses, "LicenseUsedExceedsPrepaid")
        .withArgs(1n, 1_001n, 1_000n);
      await licenses.connect(caller).close(1n, 1_000n);
    });

    for (const [when, late] of [
      ["the window is over by a second", 1n],
      ["the last second before it lapses has come", LAPSE],
    ] as const) {
      it(`when ${when}, anyone closes: the unused part is the holder's, the license burned`, async () => {
        const fixture = await networkHelpers.loadFixture(usedFixture);
        const { licenses, ledger, router, usd, buyer, stranger, windowEnd } = fixture;
        await nextAt(windowEnd + late);
        const closing = ledger.connect(stranger).close(1n);
        await expect(closing)
          .to.emit(licenses, "LicenseClosed")
          .withArgs(1n, buyer.address, 400n, 600n * UNIT_PRICE);
        await expect(closing)
          .to.emit(router, "Refunded")
          .withArgs(1n, buyer.address, 600n * UNIT_PRICE, 1_000n);
        await expect(closing).to.emit(licenses, "Transfer").withArgs(buyer.address, ethers.ZeroAddress, 1n);
        expect(await router.withdrawable(buyer, usd)).to.equal(600n * UNIT_PRICE);
        expect(await router.escrowOf(1n)).to.deep.equal([0n, 0n, 0n]);
        expect(await licenses.balanceOf(buyer)).to.equal(0n);
        for (const read of [licenses.ownerOf, licenses.licenseOf, licenses.keysOf, licenses.tokenURI]) {
          await expect(read(1n))
            .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
            .withArgs(1n);
        }
      });
    }

    it("when nothing was used, refunds all payments, top-ups too", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, ledger, router, usd, buyer } = fixture;
      await licenses.connect(buyer).topUp(1n, 1n, UNIT_PRICE, "0x");
      await waitHalfTerm();
      await licenses.connect(buyer).renew(1n, 2n, 2n * UNIT_PRICE, "0x");
      await mineAt((await expiryOf(fixture)) + WINDOW);
      await ledger.close(1n);
      expect(await router.withdrawable(buyer, usd)).to.equal(PRICE + 3n * UNIT_PRICE);
    });

    it("when the refund would exceed 128 bits, which no escrow can hold, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(highestPrice);
      const { licenses, ledger } = fixture;
      const [units, price] = [2n ** 64n - 1n, 2n ** 96n - 1n];
      await setPrepaid(fixture, 1n, units);
      await mineAt((await expiryOf(fixture)) + WINDOW);
      await expect(ledger.close(1n))
        .to.be.revertedWithCustomError(licenses, "SafeCastOverflowedUintDowncast")
        .withArgs(128n, (units * price) / MILLION);
    });

    for (const [pricePerMillion, refund, left] of [
      [1n, 0n, 1n],
      [333_333n, 199n, 2n],
      [999_999n, 599n, 2n],
      [1_000_001n, 600n, 1n],
    ] as const) {
      it(`when 600 units at ${pricePerMillion} per million are unused, refunds ${refund}, rounded down`, async () => {
        const grid = await networkHelpers.loadFixture(offerFixture);
        const { licenses, ledger, router, buyer, meter, usd } = grid;
        const offerId = await addOffer(grid, {}, { pricePerMillion });
        await licenses.connect(buyer).mint(mintParams(offerId, buyer, 1_000n), "0x");
        const rows = [await voucher(grid, buyer, { licenseId: 1n, units: 400n })];
        await ledger.connect(meter).settleOpen(1n, [{ offerId, rows }]);
        await mineAt((await expiryOf(grid)) + WINDOW);
        await ledger.close(1n);
        expect(await router.withdrawable(buyer, usd)).to.equal(refund);
        const { balance, openUnits } = await router.escrowOf(offerId);
        expect([balance, openUnits]).to.deep.equal([left, 0n]);
      });
    }

    it("when all was used, refunds nothing", async () => {
      const fixture = await networkHelpers.loadFixture(usedFixture);
      const { licenses, ledger, router, usd, meter, buyer, windowEnd } = fixture;
      const rows = [await voucher(fixture, buyer, { licenseId: 1n, units: 1_000n })];
      await ledger.connect(meter).settleOpen(1n, [{ offerId: 1n, rows }]);
      await mineAt(windowEnd);
      await expect(ledger.close(1n))
        .to.emit(licenses, "LicenseClosed")
        .withArgs(1n, buyer.address, 1_000n, 0n);
      expect(await router.withdrawable(buyer, usd)).to.equal(0n);
    });

    it("when other licenses of the offer are open, leaves their escrow", async () => {
      const fixture = await networkHelpers.loadFixture(usedFixture);
      const { licenses, ledger, router, buyer, windowEnd } = fixture;
      await licenses
        .connect(buyer)
        .mint({ offerId: 1n, to: buyer, signer: buyer, units: 3n, maxPrice: 3n * UNIT_PRICE }, "0x");
      await nextAt(windowEnd + 1n);
      await ledger.close(1n);
      expect(await router.escrowOf(1n)).to.deep.equal([3n * UNIT_PRICE, 0n, 3n]);
    });

    it("when the license changed hands, refunds the new holder", async () => {
      const fixture = await networkHelpers.loadFixture(usedFixture);
      const { licenses, ledger, router, usd, buyer, stranger, windowEnd } = fixture;
      await licenses.connect(buyer).transferFrom(buyer, stranger, 1n);
      await mineAt(windowEnd);
      await ledger.close(1n);
      expect(await router.withdrawable(stranger, usd)).to.equal(600n * UNIT_PRICE);
      expect(await router.withdrawable(buyer, usd)).to.equal(0n);
    });

    it("when the holder asked to close, the window counts from then", async () => {
      const fixture = await networkHelpers.loadFixture(usedFixture);
      const { licenses, ledger, buyer } = fixture;
      await licenses.connect(buyer).requestClose(1n);
      const windowEnd = (await expiryOf(fixture)) + WINDOW;
      await nextAt(windowEnd);
      await expect(ledger.close(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseWindowOpen")
        .withArgs(1n, windowEnd);
      await nextAt(windowEnd + 1n);
      await expect(ledger.close(1n)).to.emit(licenses, "LicenseClosed");
    });

    it("when offer and ledger are retired, still refunds", async () => {
      const fixture = await networkHelpers.loadFixture(usedFixture);
      const { terms, ledger, router, usd, creator, buyer, windowEnd } = fixture;
      await terms.connect(creator).retireOffer(1n);
      await terms.connect(await impersonate(fixture.timelock)).retireLedger(ledger);
      await mineAt(windowEnd);
      await ledger.close(1n);
      expect(await router.withdrawable(buyer, usd)).to.equal(600n * UNIT_PRICE);
    });
  });

  describe("lapse", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(usedFixture);
      await expect(licenses.lapse(2n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when the last second to close it has not passed, reverts", async () => {
      const { licenses, windowEnd } = await networkHelpers.loadFixture(usedFixture);
      await nextAt(windowEnd + LAPSE);
      await expect(licenses.lapse(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseNotLapsed")
        .withArgs(1n, windowEnd + LAPSE);
    });

    it("when nobody closed in time, anyone burns it and its units count as used", async () => {
      const fixture = await networkHelpers.loadFixture(usedFixture);
      const { licenses, router, usd, buyer, stranger, windowEnd } = fixture;
      await nextAt(windowEnd + LAPSE + 1n);
      const lapsing = licenses.connect(stranger).lapse(1n);
      await expect(lapsing).to.emit(licenses, "LicenseLapsed").withArgs(1n, buyer.address);
      await expect(lapsing).to.emit(licenses, "Transfer").withArgs(buyer.address, ethers.ZeroAddress, 1n);
      await expect(lapsing).to.emit(router, "Refunded").withArgs(1n, buyer.address, 0n, 1_000n);
      expect(await router.escrowOf(1n)).to.deep.equal([600n * UNIT_PRICE, 0n, 0n]);
      expect(await router.withdrawable(buyer, usd)).to.equal(0n);
      for (const read of [licenses.ownerOf, licenses.licenseOf, licenses.keysOf]) {
        await expect(read(1n)).to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken").withArgs(1n);
      }
    });
  });
});

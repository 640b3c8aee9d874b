import { expect } from "chai";
import { CONDITIONS, DAY, ethers, licenseFixture, networkHelpers, UNIT_PRICE, WINDOW } from "../grid.ts";
import { addOffer, expiryOf, licenseUnder, nextAt } from "./support.ts";

const UNITS = 100n;
const PRICE = UNITS * UNIT_PRICE;
const { duration: DURATION } = CONDITIONS;

/** License 1 of the buyer renews itself for 100 units. */
async function subscribedFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  await grid.licenses.connect(grid.buyer).subscribe(1n, UNITS, PRICE);
  return { ...grid, expiry: await expiryOf(grid) };
}

describe("LicenseNFT subscription", () => {
  describe("subscribe", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).subscribe(2n, UNITS, PRICE))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when somebody else calls, even an operator, reverts", async () => {
      const { licenses, buyer, payee } = await networkHelpers.loadFixture(licenseFixture);
      await licenses.connect(buyer).setApprovalForAll(payee, true);
      await expect(licenses.connect(payee).subscribe(1n, 0n, PRICE))
        .to.be.revertedWithCustomError(licenses, "CallerNotLicenseHolder")
        .withArgs(1n, payee.address);
    });

    it("when there are no units, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await licenses.connect(buyer).requestClose(1n);
      await expect(licenses.connect(buyer).subscribe(1n, 0n, PRICE)).to.be.revertedWithCustomError(
        licenses,
        "LicenseUnitsZero",
      );
    });

    it("when the license is closing, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await licenses.connect(buyer).requestClose(1n);
      await expect(licenses.connect(buyer).subscribe(1n, UNITS, 0n))
        .to.be.revertedWithCustomError(licenses, "LicenseEnded")
        .withArgs(1n);
    });

    it("when the settlement window is over, reverts", async () => {
      const grid = await networkHelpers.loadFixture(licenseFixture);
      const windowEnd = (await expiryOf(grid)) + WINDOW;
      await nextAt(windowEnd + 1n);
      await expect(grid.licenses.connect(grid.buyer).subscribe(1n, UNITS, 0n))
        .to.be.revertedWithCustomError(grid.licenses, "LicenseWindowOver")
        .withArgs(1n, windowEnd);
    });

    it("when the offer is retired, reverts", async () => {
      const { licenses, terms, creator, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await terms.connect(creator).retireOffer(1n);
      await expect(licenses.connect(buyer).subscribe(1n, UNITS, 0n))
        .to.be.revertedWithCustomError(terms, "OfferNotForSale")
        .withArgs(1n);
    });

    it("when a term costs more than the most to pay, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).subscribe(1n, 10_001n, 10_001n * UNIT_PRICE - 1n))
        .to.be.revertedWithCustomError(licenses, "LicensePriceExceedsMaximum")
        .withArgs(10_001n * UNIT_PRICE, 10_001n * UNIT_PRICE - 1n);
    });

    it("when a term has more units than the terms permit, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).subscribe(1n, 10_001n, 10_001n * UNIT_PRICE))
        .to.be.revertedWithCustomError(licenses, "LicenseUnitsExceedTerms")
        .withArgs(10_001n, 10_000n);
    });

    it("when the holder calls, stores the order, and again another one", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      expect(await licenses.subscriptionOf(1n)).to.deep.equal([0n, 0n]);
      for (const units of [UNITS, 2n * UNITS]) {
        await expect(licenses.connect(buyer).subscribe(1n, units, 2n * PRICE))
          .to.emit(licenses, "LicenseSubscribed")
          .withArgs(1n, units, 2n * PRICE);
        expect(await licenses.subscriptionOf(1n)).to.deep.equal([units, 2n * PRICE]);
      }
    });
  });

  describe("cancelSubscription", () => {
    it("when somebody else calls, reverts", async () => {
      const { licenses, payee } = await networkHelpers.loadFixture(subscribedFixture);
      await expect(licenses.connect(payee).cancelSubscription(1n))
        .to.be.revertedWithCustomError(licenses, "CallerNotLicenseHolder")
        .withArgs(1n, payee.address);
    });

    it("when there is none, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).cancelSubscription(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseNotSubscribed")
        .withArgs(1n);
    });

    it("when the holder calls, nobody can renew", async () => {
      const { licenses, buyer, expiry } = await networkHelpers.loadFixture(subscribedFixture);
      await expect(licenses.connect(buyer).cancelSubscription(1n))
        .to.emit(licenses, "LicenseUnsubscribed")
        .withArgs(1n);
      expect(await licenses.subscriptionOf(1n)).to.deep.equal([0n, 0n]);
      await nextAt(expiry);
      await expect(licenses.renewSubscription(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseNotSubscribed")
        .withArgs(1n);
    });
  });

  describe("renewSubscription", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(subscribedFixture);
      await expect(licenses.renewSubscription(2n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when the holder did not subscribe, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.renewSubscription(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseNotSubscribed")
        .withArgs(1n);
    });

    it("when the license is closing, reverts, and it counts as canceled", async () => {
      const { licenses, creator, expiry } = await networkHelpers.loadFixture(subscribedFixture);
      await nextAt(expiry - DAY);
      await licenses.connect(creator).revoke(1n);
      expect(await licenses.subscriptionOf(1n)).to.deep.equal([0n, 0n]);
      await expect(licenses.renewSubscription(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseEnded")
        .withArgs(1n);
    });

    it("when the settlement window is over, reverts", async () => {
      const { licenses, expiry } = await networkHelpers.loadFixture(subscribedFixture);
      await nextAt(expiry + WINDOW + 1n);
      await expect(licenses.renewSubscription(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseWindowOver")
        .withArgs(1n, expiry + WINDOW);
    });

    it("when the offer is retired, reverts", async () => {
      const { licenses, terms, creator, expiry } = await networkHelpers.loadFixture(subscribedFixture);
      await terms.connect(creator).retireOffer(1n);
      await nextAt(expiry);
      await expect(licenses.renewSubscription(1n))
        .to.be.revertedWithCustomError(terms, "OfferNotForSale")
        .withArgs(1n);
    });

    it("when half of the term is not over, reverts", async () => {
      const { licenses, expiry } = await networkHelpers.loadFixture(subscribedFixture);
      await nextAt(expiry - DURATION / 2n - 1n);
      await expect(licenses.renewSubscription(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseRenewalEarly")
        .withArgs(1n, expiry - DURATION / 2n);
    });

    it("when the allowance is too small, reverts", async () => {
      const { licenses, usd, router, buyer, expiry } = await networkHelpers.loadFixture(subscribedFixture);
      await usd.connect(buyer).approve(router, PRICE - 1n);
      await nextAt(expiry);
      await expect(licenses.renewSubscription(1n))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), PRICE - 1n, PRICE);
    });

    it("when a keeper calls as early as possible, the holder pays, and the next term follows the last", async () => {
      const grid = await networkHelpers.loadFixture(subscribedFixture);
      const { licenses, router, usd, buyer, stranger, expiry } = grid;
      const before = await usd.balanceOf(buyer);
      await nextAt(expiry - DURATION / 2n);
      const renewing = licenses.connect(stranger).renewSubscription(1n);
      await expect(renewing)
        .to.emit(licenses, "LicenseRenewed")
        .withArgs(1n, UNITS, expiry + DURATION);
      await expect(renewing)
        .to.emit(licenses, "TokenExpiryUpdated")
        .withArgs(1n, 0n, expiry + DURATION);
      await expect(renewing).to.emit(router, "Deposited").withArgs(1n, buyer.address, PRICE, UNITS);
      expect(await usd.balanceOf(buyer)).to.equal(before - PRICE);
      const { prepaid, bought } = await licenses.licenseOf(1n);
      expect([prepaid, bought]).to.deep.equal([1_000n + UNITS, UNITS]);
    });

    it("when keepers call as often as they can for a year, each term is paid once", async () => {
      const grid = await networkHelpers.loadFixture(subscribedFixture);
      const { licenses, stranger, expiry } = grid;
      const TERMS = 12n;
      let renewed = 0n;
      for (let time = expiry - DURATION; time < expiry + (TERMS - 1n) * DURATION; time += 5n * DAY) {
        if (time > BigInt(await networkHelpers.time.latest())) await networkHelpers.time.increaseTo(time);
        const isDone = await licenses
          .connect(stranger)
          .renewSubscription(1n)
          .then(
            () => true,
            () => false,
          );
        if (isDone) renewed += 1n;
      }
      expect(await expiryOf(grid)).to.equal(expiry + renewed * DURATION);
      expect(renewed).to.equal(TERMS);
    });

    for (const late of [0n, 1n, WINDOW]) {
      it(`when called ${late} s after expiry, the term is the terms' duration from then`, async () => {
        const { licenses, expiry } = await networkHelpers.loadFixture(subscribedFixture);
        await nextAt(expiry + late);
        await expect(licenses.renewSubscription(1n))
          .to.emit(licenses, "LicenseRenewed")
          .withArgs(1n, UNITS, expiry + late + DURATION);
      });
    }

    it("when the license is free, anyone renews it for nothing", async () => {
      const grid = await networkHelpers.loadFixture(() => licenseUnder({}, { pricePerMillion: 0n }));
      const { licenses, router, buyer, stranger, offerId } = grid;
      await licenses.connect(buyer).subscribe(1n, UNITS, 0n);
      await nextAt(await expiryOf(grid));
      await expect(licenses.connect(stranger).renewSubscription(1n))
        .to.emit(router, "Deposited")
        .withArgs(offerId, buyer.address, 0n, UNITS);
    });
  });

  describe("subscriptionOf", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.subscriptionOf(2n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });
  });

  describe("transferFrom", () => {
    it("when the license changes hands, and even back, the subscription is over", async () => {
      const { licenses, buyer, payee, expiry } = await networkHelpers.loadFixture(subscribedFixture);
      await expect(licenses.connect(buyer).transferFrom(buyer, payee, 1n))
        .to.emit(licenses, "LicenseUnsubscribed")
        .withArgs(1n);
      await expect(licenses.connect(payee).transferFrom(payee, buyer, 1n)).not.to.emit(
        licenses,
        "LicenseUnsubscribed",
      );
      await nextAt(expiry);
      await expect(licenses.renewSubscription(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseNotSubscribed")
        .withArgs(1n);
    });
  });

  describe("closing", () => {
    it("when a subscribed license closes, the subscription is over", async () => {
      const { licenses, ledger, expiry } = await networkHelpers.loadFixture(subscribedFixture);
      await nextAt(expiry + WINDOW + 1n);
      await expect(ledger.close(1n)).to.emit(licenses, "LicenseUnsubscribed").withArgs(1n);
    });
  });

  it("when another license has a subscription, this one has none", async () => {
    const grid = await networkHelpers.loadFixture(subscribedFixture);
    const { licenses, buyer } = grid;
    const offerId = await addOffer(grid, { duration: DAY });
    const params = { offerId, to: buyer.address, signer: ethers.ZeroAddress, units: 1n, maxPrice: 25n };
    await licenses.connect(buyer).mint(params, "0x");
    expect(await licenses.subscriptionOf(2n)).to.deep.equal([0n, 0n]);
  });
});

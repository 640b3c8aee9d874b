import { expect } from "chai";
import {
  DAY,
  ethers,
  impersonate,
  licenseFixture,
  mintParams,
  networkHelpers,
  offerFixture,
  UNIT_PRICE,
  WINDOW,
  waitHalfTerm,
} from "../grid.ts";
import { addOffer, expiryOf, FOREVER, licenseUnder, mineAt, nextAt, setPrepaid } from "./support.ts";

const MAX_UNITS = 10_000n;
const MOST = 2n ** 128n - 1n;
const DURATION = 30n * DAY;

const notRevocableAtOnce = () => licenseUnder({ revocationNotice: 5n * DAY });
const free = () => licenseUnder({}, { pricePerMillion: 0n });

/** As `licenseFixture`, in the second half of the term. */
async function renewableFixture() {
  const fixture = await networkHelpers.loadFixture(licenseFixture);
  await waitHalfTerm();
  return fixture;
}

/** As `free`, in the second half of the term. */
async function renewableFree() {
  const fixture = await free();
  await waitHalfTerm();
  return fixture;
}

describe("LicenseNFT renewal", () => {
  describe("topUp", () => {
    it("when no units are added, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).topUp(9n, 0n, MOST, "0x")).to.be.revertedWithCustomError(
        licenses,
        "LicenseUnitsZero",
      );
    });
  });

  for (const action of ["topUp", "renew"] as const) {
    describe(action, () => {
      it("when the license does not exist, reverts", async () => {
        const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
        await expect(licenses.connect(buyer)[action](2n, 1n, MOST, "0x"))
          .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
          .withArgs(2n);
      });

      it("when the holder asked to close, reverts", async () => {
        const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
        await licenses.connect(buyer).requestClose(1n);
        await expect(licenses.connect(buyer)[action](1n, 1n, MOST, "0x"))
          .to.be.revertedWithCustomError(licenses, "LicenseEnded")
          .withArgs(1n);
      });

      it("when the capsule's owner revoked, reverts, though service goes on", async () => {
        const { licenses, buyer, creator } = await networkHelpers.loadFixture(notRevocableAtOnce);
        await licenses.connect(creator).revoke(1n);
        expect(await licenses.authorize(1n, buyer, 1n)).to.equal(0n);
        await expect(licenses.connect(buyer)[action](1n, 1n, MOST, "0x"))
          .to.be.revertedWithCustomError(licenses, "LicenseEnded")
          .withArgs(1n);
      });

      it("when the window is over by a second, reverts", async () => {
        const fixture = await networkHelpers.loadFixture(licenseFixture);
        const { licenses, buyer } = fixture;
        const windowEnd = (await expiryOf(fixture)) + WINDOW;
        await nextAt(windowEnd + 1n);
        await expect(licenses.connect(buyer)[action](1n, 1n, MOST, "0x"))
          .to.be.revertedWithCustomError(licenses, "LicenseWindowOver")
          .withArgs(1n, windowEnd);
      });

      it("when the offer is retired, reverts", async () => {
        const fixture = await networkHelpers.loadFixture(licenseFixture);
        const { licenses, terms: registry, buyer, creator } = fixture;
        await registry.connect(creator).retireOffer(1n);
        await expect(licenses.connect(buyer)[action](1n, 1n, MOST, "0x"))
          .to.be.revertedWithCustomError(registry, "OfferNotForSale")
          .withArgs(1n);
      });

      it("when the ledger is retired, reverts", async () => {
        const fixture = await networkHelpers.loadFixture(licenseFixture);
        const { licenses, terms: registry, ledger, buyer } = fixture;
        await registry.connect(await impersonate(fixture.timelock)).retireLedger(ledger);
        await expect(licenses.connect(buyer)[action](1n, 1n, MOST, "0x"))
          .to.be.revertedWithCustomError(registry, "OfferNotForSale")
          .withArgs(1n);
      });

      it("when the price is a base unit above the most to pay, reverts", async () => {
        const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
        for (const most of [0n, 2n * UNIT_PRICE - 1n]) {
          await expect(licenses.connect(buyer)[action](1n, 2n, most, "0x"))
            .to.be.revertedWithCustomError(licenses, "LicensePriceExceedsMaximum")
            .withArgs(2n * UNIT_PRICE, most);
        }
      });

      it("when the term would have more units than the terms permit, reverts", async () => {
        const { licenses, buyer } = await networkHelpers.loadFixture(renewableFixture);
        const before = action === "topUp" ? 1_000n : 0n;
        for (const units of [MAX_UNITS - before + 1n, 2n ** 64n - 1n]) {
          await expect(licenses.connect(buyer)[action](1n, units, MOST, "0x"))
            .to.be.revertedWithCustomError(licenses, "LicenseUnitsExceedTerms")
            .withArgs(before + units, MAX_UNITS);
        }
      });

      it("when the units of all terms would exceed 64 bits, reverts", async () => {
        const fixture = await networkHelpers.loadFixture(renewableFree);
        const { licenses, buyer } = fixture;
        await setPrepaid(fixture, 1n, 2n ** 64n - 5n);
        await expect(licenses.connect(buyer)[action](1n, 5n, 0n, "0x"))
          .to.be.revertedWithCustomError(licenses, "LicenseUnitsOverflow")
          .withArgs(1n, 2n ** 64n);
        await licenses.connect(buyer)[action](1n, 4n, 0n, "0x");
        expect((await licenses.licenseOf(1n)).prepaid).to.equal(2n ** 64n - 1n);
      });

      it("when the payer has not paid, reverts", async () => {
        const { licenses, usd, router, buyer } = await networkHelpers.loadFixture(renewableFixture);
        await usd.connect(buyer).approve(router, UNIT_PRICE - 1n);
        await expect(licenses.connect(buyer)[action](1n, 1n, MOST, "0x"))
          .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
          .withArgs(await router.getAddress(), UNIT_PRICE - 1n, UNIT_PRICE);
      });

      it("when the term gets all units permitted by the terms, takes their price into escrow", async () => {
        const { licenses, router, usd, buyer } = await networkHelpers.loadFixture(renewableFixture);
        const units = action === "topUp" ? MAX_UNITS - 1_000n : MAX_UNITS;
        const price = units * UNIT_PRICE;
        const adding = licenses.connect(buyer)[action](1n, units, price, "0x");
        await expect(adding).to.emit(router, "Deposited").withArgs(1n, buyer.address, price, units);
        await expect(adding).to.changeTokenBalances(ethers, usd, [buyer, router], [-price, price]);
        const { prepaid, bought } = await licenses.licenseOf(1n);
        expect([prepaid, bought]).to.deep.equal([1_000n + units, MAX_UNITS]);
        expect(await router.escrowOf(1n)).to.deep.equal([prepaid * UNIT_PRICE, 0n, prepaid]);
      });

      it("when the offer is free, adds units and moves no money", async () => {
        const { licenses, usd, router, buyer } = await networkHelpers.loadFixture(renewableFree);
        const adding = licenses.connect(buyer)[action](1n, 5n, 0n, "0x");
        await expect(adding).to.changeTokenBalances(ethers, usd, [buyer, router], [0n, 0n]);
        expect((await licenses.licenseOf(1n)).prepaid).to.equal(1_005n);
      });
    });
  }

  describe("topUp", () => {
    it("when a stranger pays, adds the units and leaves the term", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, router, usd, stranger } = fixture;
      const before = await licenses.licenseOf(1n);
      await usd.mint(stranger, 10n * UNIT_PRICE);
      await usd.connect(stranger).approve(router, 10n * UNIT_PRICE);
      const topping = licenses.connect(stranger).topUp(1n, 10n, 10n * UNIT_PRICE, "0x");
      await expect(topping).to.emit(licenses, "LicenseToppedUp").withArgs(1n, 10n);
      await expect(topping).to.changeTokenBalance(ethers, usd, stranger, -10n * UNIT_PRICE);
      const { prepaid, expiry } = await licenses.licenseOf(1n);
      expect([prepaid, expiry]).to.deep.equal([1_010n, before.expiry]);
    });

    it("when the offer is free, refuses a stranger and serves the holder", async () => {
      const { licenses, buyer, stranger } = await networkHelpers.loadFixture(free);
      await expect(licenses.connect(stranger).topUp(1n, 1n, 0n, "0x"))
        .to.be.revertedWithCustomError(licenses, "LicensePayerNotHolder")
        .withArgs(1n, stranger.address);
      await expect(licenses.connect(buyer).topUp(1n, 1n, 0n, "0x"))
        .to.emit(licenses, "LicenseToppedUp")
        .withArgs(1n, 1n);
    });

    it("when the window's last second has come, adds units and leaves the term", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer } = fixture;
      const expiry = await expiryOf(fixture);
      await nextAt(expiry + WINDOW);
      await licenses.connect(buyer).topUp(1n, 1n, MOST, "0x");
      expect((await licenses.licenseOf(1n)).prepaid).to.equal(1_001n);
      expect(await expiryOf(fixture)).to.equal(expiry);
    });
  });

  describe("renew", () => {
    it("when no units are added, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).renew(1n, 0n, 0n, "0x")).to.be.revertedWithCustomError(
        licenses,
        "LicenseUnitsZero",
      );
    });

    it("when half of the term is not over by a second, reverts, and a second later renews", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer } = fixture;
      const renewableFrom = (await expiryOf(fixture)) - DURATION / 2n;
      await nextAt(renewableFrom - 1n);
      await expect(licenses.connect(buyer).renew(1n, 1n, MOST, "0x"))
        .to.be.revertedWithCustomError(licenses, "LicenseRenewalEarly")
        .withArgs(1n, renewableFrom);
      await nextAt(renewableFrom);
      await expect(licenses.connect(buyer).renew(1n, 1n, MOST, "0x"))
        .to.emit(licenses, "LicenseRenewed")
        .withArgs(1n, 1n, renewableFrom + DURATION);
    });

    it("when renewed just now, cannot be renewed in a loop", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(renewableFixture);
      await licenses.connect(buyer).renew(1n, MAX_UNITS, MOST, "0x");
      const { expiry } = await licenses.licenseOf(1n);
      await expect(licenses.connect(buyer).renew(1n, MAX_UNITS, MOST, "0x"))
        .to.be.revertedWithCustomError(licenses, "LicenseRenewalEarly")
        .withArgs(1n, expiry - DURATION / 2n);
    });

    it("when a stranger bought all units of the old term, the holder still renews with all of the new", async () => {
      const { licenses, usd, router, buyer, stranger } = await networkHelpers.loadFixture(renewableFixture);
      const rest = MAX_UNITS - 1_000n;
      await usd.mint(stranger, rest * UNIT_PRICE);
      await usd.connect(stranger).approve(router, rest * UNIT_PRICE);
      await licenses.connect(stranger).topUp(1n, rest, MOST, "0x");
      await expect(licenses.connect(buyer).renew(1n, MAX_UNITS, MOST, "0x")).to.emit(
        licenses,
        "LicenseRenewed",
      );
      const { prepaid, bought } = await licenses.licenseOf(1n);
      expect([prepaid, bought]).to.deep.equal([2n * MAX_UNITS, MAX_UNITS]);
      await expect(licenses.connect(buyer).topUp(1n, 1n, MOST, "0x"))
        .to.be.revertedWithCustomError(licenses, "LicenseUnitsExceedTerms")
        .withArgs(MAX_UNITS + 1n, MAX_UNITS);
    });

    it("when the license is permanent, it has one term", async () => {
      const fixture = await networkHelpers.loadFixture(offerFixture);
      const { licenses, buyer } = fixture;
      const offerId = await addOffer(fixture, { duration: FOREVER });
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, 1n), "0x");
      expect(await expiryOf(fixture)).to.equal(FOREVER);
      await networkHelpers.time.increase(100n * 365n * DAY);
      await expect(licenses.connect(buyer).renew(1n, 1n, MOST, "0x"))
        .to.be.revertedWithCustomError(licenses, "LicenseRenewalEarly")
        .withArgs(1n, FOREVER - FOREVER / 2n);
    });

    it("when a stranger pays, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(renewableFixture);
      const { licenses, usd, router, stranger } = fixture;
      await usd.mint(stranger, UNIT_PRICE);
      await usd.connect(stranger).approve(router, UNIT_PRICE);
      await expect(licenses.connect(stranger).renew(1n, 1n, MOST, "0x"))
        .to.be.revertedWithCustomError(licenses, "LicensePayerNotHolder")
        .withArgs(1n, stranger.address);
    });

    it("when the offer is free, still refuses a stranger", async () => {
      const { licenses, stranger } = await networkHelpers.loadFixture(renewableFree);
      await expect(licenses.connect(stranger).renew(1n, 1n, 0n, "0x"))
        .to.be.revertedWithCustomError(licenses, "LicensePayerNotHolder")
        .withArgs(1n, stranger.address);
    });

    it("when an operator or the signer of the license pays, reverts", async () => {
      const { licenses, usd, router, buyer, stranger, payee } =
        await networkHelpers.loadFixture(renewableFixture);
      await licenses.connect(buyer).setApprovalForAll(stranger, true);
      await licenses.connect(buyer).setSigner(1n, payee);
      for (const caller of [stranger, payee]) {
        await usd.mint(caller, UNIT_PRICE);
        await usd.connect(caller).approve(router, UNIT_PRICE);
        await expect(licenses.connect(caller).renew(1n, 1n, UNIT_PRICE, "0x"))
          .to.be.revertedWithCustomError(licenses, "LicensePayerNotHolder")
          .withArgs(1n, caller.address);
      }
    });

    it("when the holder renews before expiry, a new term begins and the rest of the old one is gone", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer } = fixture;
      const expiry = await expiryOf(fixture);
      await nextAt(expiry - 1n);
      await expect(licenses.connect(buyer).renew(1n, 10n, 10n * UNIT_PRICE, "0x"))
        .to.emit(licenses, "LicenseRenewed")
        .withArgs(1n, 10n, expiry - 1n + DURATION);
      const { prepaid, expiry: renewed } = await licenses.licenseOf(1n);
      expect([prepaid, renewed]).to.deep.equal([1_010n, expiry - 1n + DURATION]);
    });

    it("when it is renewed again and again, no term lasts longer than the terms' duration", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer } = fixture;
      for (const _ of [1, 2, 3]) {
        await waitHalfTerm();
        await licenses.connect(buyer).renew(1n, 1n, UNIT_PRICE, "0x");
      }
      expect(await expiryOf(fixture)).to.equal(BigInt(await networkHelpers.time.latest()) + DURATION);
    });

    for (const late of [0n, 1n, WINDOW]) {
      it(`when the holder renews ${late} s after expiry, the term is the terms' duration from then`, async () => {
        const fixture = await networkHelpers.loadFixture(licenseFixture);
        const { licenses, buyer } = fixture;
        const expiry = await expiryOf(fixture);
        await mineAt(expiry - 1n);
        await nextAt(expiry + late);
        await expect(licenses.connect(buyer).renew(1n, 1n, UNIT_PRICE, "0x"))
          .to.emit(licenses, "LicenseRenewed")
          .withArgs(1n, 1n, expiry + late + DURATION);
        expect(await licenses.authorize(1n, buyer, 1n)).to.equal(0n);
      });
    }

    it("when the license changed hands, the new holder alone renews it", async () => {
      const { licenses, usd, router, buyer, payee } = await networkHelpers.loadFixture(renewableFixture);
      await licenses.connect(buyer).transferFrom(buyer, payee, 1n);
      await usd.mint(payee, UNIT_PRICE);
      await usd.connect(payee).approve(router, UNIT_PRICE);
      await expect(licenses.connect(buyer).renew(1n, 1n, UNIT_PRICE, "0x"))
        .to.be.revertedWithCustomError(licenses, "LicensePayerNotHolder")
        .withArgs(1n, buyer.address);
      await expect(licenses.connect(payee).renew(1n, 1n, UNIT_PRICE, "0x")).to.emit(
        licenses,
        "LicenseRenewed",
      );
    });

    it("when the term would go beyond 40 bits, lasts to their end", async () => {
      const fixture = await networkHelpers.loadFixture(offerFixture);
      const { licenses, buyer } = fixture;
      const duration = (FOREVER / 4n) * 3n;
      const offerId = await addOffer(fixture, { duration });
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, 1n), "0x");
      expect(await expiryOf(fixture)).to.be.lessThan(FOREVER);
      await networkHelpers.time.increase(duration / 2n);
      await expect(licenses.connect(buyer).renew(1n, 1n, UNIT_PRICE, "0x"))
        .to.emit(licenses, "LicenseRenewed")
        .withArgs(1n, 1n, FOREVER);
    });
  });
});

import { expect } from "chai";
import {
  ethers,
  impersonate,
  licenseFixture,
  MILLION,
  mintParams,
  networkHelpers,
  offerFixture,
  terms,
  UNIT_PRICE,
  voucher,
  WINDOW,
} from "../grid.ts";
import { addOffer, expiryOf, FOREVER, fieldsOf, mineAt, nextAt } from "./support.ts";

const MAX_UNITS = 10_000n;

describe("LicenseNFT", () => {
  describe("mint", () => {
    it("when no units are asked for, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(offerFixture);
      await expect(
        licenses.connect(buyer).mint(mintParams(9n, buyer, 0n), "0x"),
      ).to.be.revertedWithCustomError(licenses, "LicenseUnitsZero");
    });

    it("when the offer does not exist, reverts", async () => {
      const { licenses, terms: registry, buyer } = await networkHelpers.loadFixture(offerFixture);
      await expect(licenses.connect(buyer).mint(mintParams(2n, buyer, 1n), "0x"))
        .to.be.revertedWithCustomError(registry, "OfferNonexistent")
        .withArgs(2n);
    });

    it("when the offer is retired, reverts", async () => {
      const { licenses, terms: registry, buyer, creator } = await networkHelpers.loadFixture(offerFixture);
      await registry.connect(creator).retireOffer(1n);
      await expect(licenses.connect(buyer).mint(mintParams(1n, buyer, 1n), "0x"))
        .to.be.revertedWithCustomError(registry, "OfferNotForSale")
        .withArgs(1n);
    });

    it("when the ledger is retired, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(offerFixture);
      const { licenses, terms: registry, ledger, buyer } = fixture;
      await registry.connect(await impersonate(fixture.timelock)).retireLedger(ledger);
      await expect(licenses.connect(buyer).mint(mintParams(1n, buyer, 1n), "0x"))
        .to.be.revertedWithCustomError(registry, "OfferNotForSale")
        .withArgs(1n);
    });

    it("when the price is a base unit above the most to pay, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(offerFixture);
      const price = 1_000n * UNIT_PRICE;
      await expect(licenses.connect(buyer).mint(mintParams(1n, buyer, 1_000n, price - 1n), "0x"))
        .to.be.revertedWithCustomError(licenses, "LicensePriceExceedsMaximum")
        .withArgs(price, price - 1n);
    });

    it("when the most to pay is 0 and the offer is not free, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(offerFixture);
      await expect(licenses.connect(buyer).mint(mintParams(1n, buyer, 1n, 0n), "0x"))
        .to.be.revertedWithCustomError(licenses, "LicensePriceExceedsMaximum")
        .withArgs(UNIT_PRICE, 0n);
    });

    it("when the price is beyond 128 bits, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(offerFixture);
      const { licenses, buyer } = fixture;
      const [units, pricePerMillion, most] = [2n ** 64n - 1n, 2n ** 96n - 1n, 2n ** 128n - 1n];
      const offerId = await addOffer(fixture, {}, { pricePerMillion });
      await expect(licenses.connect(buyer).mint(mintParams(offerId, buyer, units, most), "0x"))
        .to.be.revertedWithCustomError(licenses, "LicensePriceExceedsMaximum")
        .withArgs((units * pricePerMillion) / MILLION + 1n, most);
    });

    it("when the terms permit fewer units, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(offerFixture);
      await expect(licenses.connect(buyer).mint(mintParams(1n, buyer, MAX_UNITS + 1n), "0x"))
        .to.be.revertedWithCustomError(licenses, "LicenseUnitsExceedTerms")
        .withArgs(MAX_UNITS + 1n, MAX_UNITS);
    });

    for (const units of [2n ** 48n, 2n ** 64n - 1n]) {
      it(`when ${units} units exceed 48 bits and the highest maximum, reverts`, async () => {
        const fixture = await networkHelpers.loadFixture(offerFixture);
        const { licenses, buyer } = fixture;
        const most = 2n ** 48n - 1n;
        const offerId = await addOffer(fixture, { maxUnits: most }, { pricePerMillion: 0n });
        await expect(licenses.connect(buyer).mint(mintParams(offerId, buyer, units, 0n), "0x"))
          .to.be.revertedWithCustomError(licenses, "LicenseUnitsExceedTerms")
          .withArgs(units, most);
      });
    }

    for (const [units, pricePerMillion, price] of [
      [1n, 1n, 1n],
      [1_000_000n, 1n, 1n],
      [1_000_001n, 1n, 2n],
      [1n, 2_500_000n, 3n],
      [2n, 2_500_000n, 5n],
      [1n, 2n ** 96n - 1n, 2n ** 96n / MILLION + 1n],
    ] as const) {
      it(`when ${units} units at ${pricePerMillion} per million cost ${price} rounded up, takes no less`, async () => {
        const fixture = await networkHelpers.loadFixture(offerFixture);
        const { licenses, router, usd, buyer } = fixture;
        await usd.mint(buyer, price);
        const offerId = await addOffer(fixture, { maxUnits: 2n ** 48n - 1n }, { pricePerMillion });
        const minting = (maxPrice: bigint) =>
          licenses.connect(buyer).mint(mintParams(offerId, buyer, units, maxPrice), "0x");
        await expect(minting(price - 1n))
          .to.be.revertedWithCustomError(licenses, "LicensePriceExceedsMaximum")
          .withArgs(price, price - 1n);
        await expect(minting(price)).to.changeTokenBalances(ethers, usd, [buyer, router], [-price, price]);
        expect(await router.escrowOf(offerId)).to.deep.equal([price, 0n, units]);
      });
    }

    it("when the receiver is zero, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(offerFixture);
      const params = { ...mintParams(1n, buyer, 1n), to: ethers.ZeroAddress };
      await expect(licenses.connect(buyer).mint(params, "0x"))
        .to.be.revertedWithCustomError(licenses, "ERC721InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
    });

    it("when an offer's escrow would exceed 120 bits, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(offerFixture);
      const { licenses, router, usd, buyer } = fixture;
      const [units, pricePerMillion] = [2n ** 24n * MILLION, 2n ** 95n];
      const price = (units * pricePerMillion) / MILLION;
      await usd.mint(buyer, 2n * price);
      const offerId = await addOffer(fixture, { maxUnits: units }, { pricePerMillion });
      const params = mintParams(offerId, buyer, units, price);
      await licenses.connect(buyer).mint(params, "0x");
      await expect(licenses.connect(buyer).mint(params, "0x"))
        .to.be.revertedWithCustomError(router, "SafeCastOverflowedUintDowncast")
        .withArgs(120n, 2n ** 120n);
    });

    it("when the price equals the buyer's maximum, takes it into escrow and mints", async () => {
      const { licenses, router, usd, buyer } = await networkHelpers.loadFixture(offerFixture);
      const price = 1_000n * UNIT_PRICE;
      const at = BigInt(await networkHelpers.time.latest()) + 10n;
      const expiry = at + terms().conditions.duration;
      await nextAt(at);
      const minting = licenses.connect(buyer).mint(mintParams(1n, buyer, 1_000n, price), "0x");
      await expect(minting)
        .to.emit(licenses, "LicenseMinted")
        .withArgs(1n, 1n, buyer.address, ethers.ZeroAddress, 1_000n, expiry);
      await expect(minting).to.emit(licenses, "Transfer").withArgs(ethers.ZeroAddress, buyer.address, 1n);
      await expect(minting).to.emit(router, "Deposited").withArgs(1n, buyer.address, price, 1_000n);
      await expect(minting).to.changeTokenBalances(ethers, usd, [buyer, router], [-price, price]);
      expect(await router.escrowOf(1n)).to.deep.equal([price, 0n, 1_000n]);
      expect(await licenses.ownerOf(1n)).to.equal(buyer.address);
      expect(fieldsOf(await licenses.licenseOf(1n))).to.deep.equal({
        offerId: 1n,
        prepaid: 1_000n,
        expiry,
        bought: 1_000n,
        closing: false,
        keyed: false,
        rented: false,
      });
      expect(await licenses.keysOf(1n)).to.deep.equal([ethers.ZeroAddress, 0n, 0n, ethers.ZeroAddress]);
    });

    it("when the buyer would pay more, takes the price alone", async () => {
      const { licenses, usd, buyer } = await networkHelpers.loadFixture(offerFixture);
      const minting = licenses.connect(buyer).mint(mintParams(1n, buyer, 3n, 2n ** 128n - 1n), "0x");
      await expect(minting).to.changeTokenBalance(ethers, usd, buyer, -3n * UNIT_PRICE);
    });

    it("when all units permitted by the terms are asked for, mints", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(offerFixture);
      await licenses.connect(buyer).mint(mintParams(1n, buyer, MAX_UNITS), "0x");
      expect((await licenses.licenseOf(1n)).prepaid).to.equal(MAX_UNITS);
    });

    it("when the offer is free and the most to pay is 0, mints and moves no money", async () => {
      const fixture = await networkHelpers.loadFixture(offerFixture);
      const { licenses, router, usd, stranger } = fixture;
      const offerId = await addOffer(fixture, {}, { pricePerMillion: 0n });
      const minting = licenses.connect(stranger).mint(mintParams(offerId, stranger, 5n, 0n), "0x");
      await expect(minting).to.emit(router, "Deposited").withArgs(offerId, stranger.address, 0n, 5n);
      await expect(minting).to.changeTokenBalances(ethers, usd, [stranger, router], [0n, 0n]);
      expect(await router.escrowOf(offerId)).to.deep.equal([0n, 0n, 5n]);
      expect((await licenses.licenseOf(1n)).prepaid).to.equal(5n);
    });

    it("when a signer is named, it signs from the start", async () => {
      const { licenses, buyer, stranger } = await networkHelpers.loadFixture(offerFixture);
      const params = { ...mintParams(1n, buyer, 1n), signer: stranger.address };
      await expect(licenses.connect(buyer).mint(params, "0x"))
        .to.emit(licenses, "LicenseMinted")
        .withArgs(1n, 1n, buyer.address, stranger.address, 1n, (expiry: bigint) => expiry > 0n);
      expect((await licenses.licenseOf(1n)).keyed).to.equal(true);
      expect(await licenses.keysOf(1n)).to.deep.equal([stranger.address, 0n, 0n, ethers.ZeroAddress]);
    });

    it("when it is for somebody else, even a contract without a token receiver, the caller pays", async () => {
      const { licenses, usd, buyer } = await networkHelpers.loadFixture(offerFixture);
      const params = { ...mintParams(1n, buyer, 1n), to: await usd.getAddress() };
      const minting = licenses.connect(buyer).mint(params, "0x");
      await expect(minting).to.changeTokenBalance(ethers, usd, buyer, -UNIT_PRICE);
      expect(await licenses.ownerOf(1n)).to.equal(params.to);
      expect(await licenses.balanceOf(buyer)).to.equal(0n);
    });

    it("when the term goes beyond 40 bits, lasts to their end", async () => {
      const fixture = await networkHelpers.loadFixture(offerFixture);
      const { licenses, buyer } = fixture;
      const offerId = await addOffer(fixture, { duration: FOREVER });
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, 1n), "0x");
      expect(await expiryOf(fixture)).to.equal(FOREVER);
    });

    it("when licenses are minted and closed, counts them and reuses no id", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, ledger, buyer } = fixture;
      await mineAt((await expiryOf(fixture)) + WINDOW);
      await ledger.close(1n);
      const params = mintParams(1n, buyer, 1n);
      expect(await licenses.connect(buyer).mint.staticCall(params, "0x")).to.equal(2n);
      await licenses.connect(buyer).mint(params, "0x");
      expect(await licenses.lastLicenseId()).to.equal(2n);
      expect(await licenses.ownerOf(2n)).to.equal(buyer.address);
    });
  });

  describe("licenseOf, keysOf and tokenURI", () => {
    it("when the license does not exist, revert, also for an id beyond 64 bits", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      for (const [read, id] of [
        [licenses.licenseOf, 2n],
        [licenses.keysOf, 2n],
        [licenses.tokenURI, 2n],
        [licenses.tokenURI, 2n ** 64n + 1n],
      ] as const) {
        await expect(read(id)).to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken").withArgs(id);
      }
    });
  });

  describe("tokenURI", () => {
    it("when the license exists, is the metadata contract's", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      const metadata = await ethers.getContractAt("LicenseMetadata", await licenses.METADATA());
      expect(await licenses.tokenURI(1n)).to.equal(await metadata.uriOf(licenses, 1n));
    });
  });

  describe("settlementsOf", () => {
    it("when a license is under another offer or does not exist, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses } = fixture;
      const offerId = await addOffer(fixture, { duration: 1n });
      for (const [asked, ids, wrong] of [
        [offerId, [1n], 1n],
        [1n, [1n, 2n], 2n],
      ] as [bigint, bigint[], bigint][]) {
        await expect(licenses.settlementsOf(asked, ids))
          .to.be.revertedWithCustomError(licenses, "LicenseOfferMismatch")
          .withArgs(wrong, asked);
      }
    });

    it("when the window is over by a second, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses } = fixture;
      const windowEnd = (await expiryOf(fixture)) + WINDOW;
      await mineAt(windowEnd);
      expect(await licenses.settlementsOf(1n, [1n])).to.have.lengthOf(1);
      await mineAt(windowEnd + 1n);
      await expect(licenses.settlementsOf(1n, [1n]))
        .to.be.revertedWithCustomError(licenses, "LicenseWindowOver")
        .withArgs(1n, windowEnd);
    });

    it("when asked for several, returns their signers and prepaid units", async () => {
      const { licenses, buyer, stranger } = await networkHelpers.loadFixture(licenseFixture);
      const params = { ...mintParams(1n, buyer, 7n), signer: stranger.address };
      await licenses.connect(buyer).mint(params, "0x");
      expect(await licenses.settlementsOf(1n, [2n, 1n, 1n])).to.deep.equal([
        (7n << 160n) | BigInt(stranger.address),
        (1_000n << 160n) | BigInt(buyer.address),
        (1_000n << 160n) | BigInt(buyer.address),
      ]);
      expect(await licenses.settlementsOf(1n, [])).to.deep.equal([]);
    });

    it("when the window's last second has come, vouchers still settle; a second later none does", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, ledger, router, meter, buyer } = fixture;
      const windowEnd = (await expiryOf(fixture)) + WINDOW;
      const batch = async (units: bigint) => [
        { offerId: 1n, rows: [await voucher(fixture, buyer, { licenseId: 1n, units })] },
      ];
      await nextAt(windowEnd);
      await ledger.connect(meter).settleOpen(1n, await batch(400n));
      expect((await router.escrowOf(1n)).balance).to.equal(600n * UNIT_PRICE);
      await nextAt(windowEnd + 1n);
      await expect(ledger.connect(meter).settleOpen(1n, await batch(500n)))
        .to.be.revertedWithCustomError(licenses, "LicenseWindowOver")
        .withArgs(1n, windowEnd);
    });
  });

  describe("constants", () => {
    it("when deployed, are those of the design and name its neighbors", async () => {
      const grid = await networkHelpers.loadFixture(offerFixture);
      const { licenses, capsules, terms: registry, router, guardian } = grid;
      expect(await licenses.SETTLEMENT_WINDOW()).to.equal(3n * 86_400n);
      expect(await licenses.LAPSE_PERIOD()).to.equal(180n * 86_400n);
      expect(await licenses.CAPSULES()).to.equal(await capsules.getAddress());
      expect(await licenses.TERMS()).to.equal(await registry.getAddress());
      expect(await licenses.ROUTER()).to.equal(await router.getAddress());
      expect(await licenses.GUARDIAN()).to.equal(await guardian.getAddress());
    });
  });
});

import { expect } from "chai";
import {
  CONDITIONS,
  ethers,
  impersonate,
  Mode,
  networkHelpers,
  offerFixture,
  offerParams,
  PRICE_PER_MILLION,
  registration,
  terms,
} from "../grid.ts";
import { fieldsOf, secondLedger, termsFixture, termsIdOf } from "./support.ts";

describe("TermsRegistry offers", () => {
  describe("createOffer", () => {
    it("when the capsule does not exist, reverts", async () => {
      const { terms: registry, capsules, termsId, params } = await networkHelpers.loadFixture(termsFixture);
      await expect(registry.createOffer(2n, termsId, params))
        .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when somebody else calls, even the owner's operator, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(termsFixture);
      const { terms: registry, capsules, creator, stranger, termsId, params } = fixture;
      await capsules.connect(creator).setApprovalForAll(stranger, true);
      await expect(registry.connect(stranger).createOffer(1n, termsId, params))
        .to.be.revertedWithCustomError(registry, "OfferCallerNotCapsuleOwner")
        .withArgs(1n, stranger.address);
    });

    it("when the terms do not exist, reverts", async () => {
      const { terms: registry, creator, params } = await networkHelpers.loadFixture(termsFixture);
      for (const id of [ethers.ZeroHash, ethers.id("no terms")]) {
        await expect(registry.connect(creator).createOffer(1n, id, params))
          .to.be.revertedWithCustomError(registry, "TermsNonexistent")
          .withArgs(id);
      }
    });

    it("when the ledger is unknown or retired, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(termsFixture);
      const { terms: registry, creator, stranger, termsId, params } = fixture;
      await registry.connect(await impersonate(fixture.timelock)).retireLedger(params.ledger);
      for (const ledger of [stranger.address, ethers.ZeroAddress, params.ledger]) {
        await expect(registry.connect(creator).createOffer(1n, termsId, { ...params, ledger }))
          .to.be.revertedWithCustomError(registry, "OfferLedgerNotAdmitted")
          .withArgs(ledger);
      }
    });

    it("when the ledger does not know the meter, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(termsFixture);
      const { terms: registry, creator, termsId, params } = fixture;
      const other = await (await secondLedger(fixture)).getAddress();
      for (const [ledger, meterId] of [
        [params.ledger, 0n],
        [params.ledger, 0n],
        [params.ledger, 2n],
        [other, 1n],
      ] as const) {
        await expect(registry.connect(creator).createOffer(1n, termsId, { ...params, ledger, meterId }))
          .to.be.revertedWithCustomError(registry, "OfferMeterNonexistent")
          .withArgs(ledger, meterId);
      }
    });

    it("when the currency is no contract, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(termsFixture);
      const { terms: registry, creator, stranger, termsId, params } = fixture;
      for (const currency of [stranger.address, ethers.ZeroAddress]) {
        await expect(registry.connect(creator).createOffer(1n, termsId, { ...params, currency }))
          .to.be.revertedWithCustomError(registry, "OfferCurrencyNotContract")
          .withArgs(currency);
      }
    });

    it("when the capsule's owner calls, the offer stands as it was made", async () => {
      const fixture = await networkHelpers.loadFixture(termsFixture);
      const { terms: registry, creator, termsId, params } = fixture;
      await expect(registry.connect(creator).createOffer(1n, termsId, params))
        .to.emit(registry, "OfferCreated")
        .withArgs(1n, 1n, termsId, Object.values(params));
      expect(fieldsOf(await registry.offerOf(1n))).to.deep.equal({
        ...params,
        termsId,
        capsuleId: 1n,
        retired: false,
      });
      expect(await registry.offerConditionsOf(1n)).to.deep.equal(Object.values(CONDITIONS));
    });

    it("when more offers follow, free and with the widest fields, leaves the first as it is", async () => {
      const fixture = await networkHelpers.loadFixture(offerFixture);
      const { terms: registry, creator } = fixture;
      const before = await registry.offerOf(1n);
      const free = { ...(await offerParams(fixture)), pricePerMillion: 0n, application: ethers.ZeroAddress };
      const wide = {
        ...(await offerParams(fixture)),
        pricePerMillion: 2n ** 96n - 1n,
        sector: 2n ** 16n - 1n,
        mode: Mode.Private,
      };
      for (const [i, params] of [free, wide].entries()) {
        const id = BigInt(i + 2);
        await registry.connect(creator).createOffer(1n, before.termsId, params);
        expect(await registry.lastOfferId()).to.equal(id);
        expect(fieldsOf(await registry.offerOf(id))).to.deep.include(params);
      }
      expect(await registry.offerOf(1n)).to.deep.equal(before);
    });

    it("when the capsule changed hands, only the new owner may offer it", async () => {
      const fixture = await networkHelpers.loadFixture(termsFixture);
      const { terms: registry, capsules, creator, payee, termsId, params } = fixture;
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      await expect(registry.connect(creator).createOffer(1n, termsId, params))
        .to.be.revertedWithCustomError(registry, "OfferCallerNotCapsuleOwner")
        .withArgs(1n, creator.address);
      await expect(registry.connect(payee).createOffer(1n, termsId, params)).to.emit(
        registry,
        "OfferCreated",
      );
    });
  });

  describe("publish", () => {
    it("when the capsule cannot be registered, reverts", async () => {
      const { terms: registry, capsules, params } = await networkHelpers.loadFixture(termsFixture);
      await expect(
        registry.publish({ ...registration(), royaltyBps: 1_001n }, terms({ duration: 0n }), params),
      )
        .to.be.revertedWithCustomError(capsules, "RoyaltyTooHigh")
        .withArgs(1_001n, 1_000n);
    });

    it("when the terms permit nothing, reverts", async () => {
      const { terms: registry, params } = await networkHelpers.loadFixture(termsFixture);
      const currency = ethers.ZeroAddress;
      await expect(
        registry.publish(registration(), terms({ contexts: 0n }), { ...params, currency }),
      ).to.be.revertedWithCustomError(registry, "TermsContextsEmpty");
    });

    it("when the offer cannot be made, reverts and registers nothing", async () => {
      const { terms: registry, capsules, params } = await networkHelpers.loadFixture(termsFixture);
      const other = terms({ duration: 1n });
      for (const [wrong, error, args] of [
        [{ ledger: ethers.ZeroAddress }, "OfferLedgerNotAdmitted", [ethers.ZeroAddress]],
        [{ meterId: 9n }, "OfferMeterNonexistent", [params.ledger, 9n]],
        [{ currency: ethers.ZeroAddress }, "OfferCurrencyNotContract", [ethers.ZeroAddress]],
      ] as const) {
        await expect(registry.publish(registration(), other, { ...params, ...wrong }))
          .to.be.revertedWithCustomError(registry, error)
          .withArgs(...args);
      }
      expect(await capsules.lastCapsuleId()).to.equal(1n);
      await expect(registry.conditionsOf(termsIdOf(other))).to.be.revertedWithCustomError(
        registry,
        "TermsNonexistent",
      );
    });

    it("when all is well, registers capsule and terms for the caller and makes the offer", async () => {
      const fixture = await networkHelpers.loadFixture(termsFixture);
      const { terms: registry, capsules, payee, params } = fixture;
      const other = terms({ duration: 1n });
      const calling = registry.connect(payee);
      expect(await calling.publish.staticCall(registration(), other, params)).to.deep.equal([2n, 1n]);
      const publishing = calling.publish(registration(), other, params);
      const { kind, royaltyBps, did } = registration();
      await expect(publishing)
        .to.emit(capsules, "CapsuleRegistered")
        .withArgs(2n, payee.address, kind, await registry.getAddress(), royaltyBps, did);
      await expect(publishing)
        .to.emit(registry, "TermsRegistered")
        .withArgs(termsIdOf(other), [Object.values(other.conditions), other.policyHash]);
      await expect(publishing)
        .to.emit(registry, "OfferCreated")
        .withArgs(1n, 2n, termsIdOf(other), Object.values(params));
      await expect(publishing).to.emit(registry, "CapsulePublished").withArgs(2n, 1n, payee.address);
      expect(await capsules.ownerOf(2n)).to.equal(payee.address);
      expect(fieldsOf(await registry.offerOf(1n))).to.deep.include({ ...params, capsuleId: 2n });
    });

    it("when the terms exist, offers under them", async () => {
      const { terms: registry, termsId, params } = await networkHelpers.loadFixture(termsFixture);
      const publishing = registry.publish(registration(), terms(), params);
      await expect(publishing).not.to.emit(registry, "TermsRegistered");
      await expect(publishing)
        .to.emit(registry, "OfferCreated")
        .withArgs(1n, 2n, termsId, Object.values(params));
    });
  });

  describe("retireOffer", () => {
    it("when the offer does not exist, reverts", async () => {
      const { terms: registry } = await networkHelpers.loadFixture(offerFixture);
      await expect(registry.retireOffer(2n))
        .to.be.revertedWithCustomError(registry, "OfferNonexistent")
        .withArgs(2n);
    });

    it("when somebody else calls, reverts", async () => {
      const { terms: registry, stranger } = await networkHelpers.loadFixture(offerFixture);
      await expect(registry.connect(stranger).retireOffer(1n))
        .to.be.revertedWithCustomError(registry, "OfferCallerNotCapsuleOwner")
        .withArgs(1n, stranger.address);
    });

    it("when the offer is retired, reverts", async () => {
      const { terms: registry, creator } = await networkHelpers.loadFixture(offerFixture);
      await registry.connect(creator).retireOffer(1n);
      await expect(registry.connect(creator).retireOffer(1n))
        .to.be.revertedWithCustomError(registry, "OfferAlreadyRetired")
        .withArgs(1n);
    });

    it("when the capsule's owner calls, retires this offer and changes nothing else", async () => {
      const fixture = await networkHelpers.loadFixture(offerFixture);
      const { terms: registry, creator } = fixture;
      const before = fieldsOf(await registry.offerOf(1n));
      await registry.connect(creator).createOffer(1n, before.termsId, await offerParams(fixture));
      await expect(registry.connect(creator).retireOffer(1n)).to.emit(registry, "OfferRetired").withArgs(1n);
      expect(fieldsOf(await registry.offerOf(1n))).to.deep.equal({ ...before, retired: true });
      expect((await registry.offerOf(2n)).retired).to.equal(false);
    });

    it("when the capsule changed hands, only the new owner may retire its offers", async () => {
      const { terms: registry, capsules, creator, payee } = await networkHelpers.loadFixture(offerFixture);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      await expect(registry.connect(creator).retireOffer(1n))
        .to.be.revertedWithCustomError(registry, "OfferCallerNotCapsuleOwner")
        .withArgs(1n, creator.address);
      await expect(registry.connect(payee).retireOffer(1n)).to.emit(registry, "OfferRetired").withArgs(1n);
    });
  });

  describe("offerOf, offerConditionsOf and offerForSale", () => {
    it("when there is no such offer, revert", async () => {
      const { terms: registry } = await networkHelpers.loadFixture(offerFixture);
      for (const read of [registry.offerOf, registry.offerConditionsOf, registry.offerForSale]) {
        for (const id of [0n, 2n]) {
          await expect(read(id)).to.be.revertedWithCustomError(registry, "OfferNonexistent").withArgs(id);
        }
      }
    });
  });

  describe("isForSale", () => {
    it("when the offer does not exist, says no", async () => {
      const { terms: registry } = await networkHelpers.loadFixture(offerFixture);
      expect(await registry.isForSale(2n)).to.equal(false);
    });
  });

  describe("offerMeteringOf and offerPaymentOf", () => {
    it("when the offer does not exist, revert", async () => {
      const { terms: registry } = await networkHelpers.loadFixture(offerFixture);
      for (const offerId of [0n, 2n]) {
        await expect(registry.offerMeteringOf(offerId))
          .to.be.revertedWithCustomError(registry, "OfferNonexistent")
          .withArgs(offerId);
        await expect(registry.offerPaymentOf(offerId))
          .to.be.revertedWithCustomError(registry, "OfferNonexistent")
          .withArgs(offerId);
      }
    });

    it("when the offer exists, retired or not, return its data for settling and paying", async () => {
      const fixture = await networkHelpers.loadFixture(offerFixture);
      const { terms: registry, creator, ledger, usd, application } = fixture;
      const params = { ...(await offerParams(fixture)), mode: Mode.Private, pricePerMillion: 2n ** 96n - 1n };
      const { termsId } = await registry.offerOf(1n);
      await registry.connect(creator).createOffer(1n, termsId, params);
      await registry.connect(creator).retireOffer(2n);
      for (const [offerId, mode, pricePerMillion] of [
        [1n, Mode.Open, PRICE_PER_MILLION],
        [2n, Mode.Private, params.pricePerMillion],
      ] as const) {
        expect(await registry.offerMeteringOf(offerId)).to.deep.equal([
          await ledger.getAddress(),
          1n,
          mode,
          CONDITIONS.contexts,
        ]);
        expect(await registry.offerPaymentOf(offerId)).to.deep.equal([
          await ledger.getAddress(),
          1n,
          await usd.getAddress(),
          pricePerMillion,
          application.address,
          params.sector,
        ]);
      }
    });
  });

  describe("offerForSale", () => {
    it("when the offer is retired, reverts, though its conditions stay readable", async () => {
      const { terms: registry, creator } = await networkHelpers.loadFixture(offerFixture);
      await registry.connect(creator).retireOffer(1n);
      await expect(registry.offerForSale(1n))
        .to.be.revertedWithCustomError(registry, "OfferNotForSale")
        .withArgs(1n);
      expect(await registry.isForSale(1n)).to.equal(false);
      expect(await registry.offerConditionsOf(1n)).to.deep.equal(Object.values(CONDITIONS));
    });

    it("when the ledger is retired, reverts for its offers alone", async () => {
      const fixture = await networkHelpers.loadFixture(offerFixture);
      const { terms: registry, ledger, creator, payee } = fixture;
      const other = await secondLedger(fixture);
      await other.registerMeter(payee, payee, "");
      const params = { ...(await offerParams(fixture)), ledger: await other.getAddress() };
      await registry.connect(creator).createOffer(1n, termsIdOf(terms()), params);
      await registry.connect(await impersonate(fixture.timelock)).retireLedger(ledger);
      await expect(registry.offerForSale(1n))
        .to.be.revertedWithCustomError(registry, "OfferNotForSale")
        .withArgs(1n);
      expect((await registry.offerForSale(2n)).pricePerMillion).to.equal(PRICE_PER_MILLION);
      expect([await registry.isForSale(1n), await registry.isForSale(2n)]).to.deep.equal([false, true]);
    });

    it("when the offer is for sale, returns its data for a sale", async () => {
      const { terms: registry, usd } = await networkHelpers.loadFixture(offerFixture);
      expect(await registry.offerForSale(1n)).to.deep.equal([
        await usd.getAddress(),
        PRICE_PER_MILLION,
        Object.values(CONDITIONS),
      ]);
    });
  });
});

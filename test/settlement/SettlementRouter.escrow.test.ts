import { expect } from "chai";
import {
  DAY,
  ethers,
  impersonate,
  LAPSE,
  licenseFixture,
  MILLION,
  Mode,
  mintParams,
  networkHelpers,
  WINDOW,
} from "../grid.ts";
import { addOffer, Earner, earners, legsBetween, legsOf } from "./support.ts";

const PRICE = 25_000n;
const ORDER = { offerId: 1n, units: 4n, amount: 100n, purpose: ethers.ZeroHash };

async function escrowFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  return {
    ...grid,
    asLicenses: grid.router.connect(await impersonate(grid.licenses)),
    asLedger: grid.router.connect(await impersonate(grid.ledger)),
    order: { ...ORDER, token: await grid.usd.getAddress(), caller: grid.buyer.address },
  };
}

describe("SettlementRouter: escrow", () => {
  describe("deposit", () => {
    it("when somebody other than the license contract calls, reverts", async () => {
      const { router, order, ledger } = await networkHelpers.loadFixture(escrowFixture);
      const caller = await impersonate(ledger);
      await expect(router.connect(caller).deposit(order, "0x"))
        .to.be.revertedWithCustomError(router, "CallerNotLicenses")
        .withArgs(caller.address);
    });

    it("when the escrow would reach 2^120, reverts", async () => {
      const { router, asLicenses, order } = await networkHelpers.loadFixture(escrowFixture);
      await expect(asLicenses.deposit({ ...order, amount: 2n ** 120n - PRICE }, "0x"))
        .to.be.revertedWithCustomError(router, "SafeCastOverflowedUintDowncast")
        .withArgs(120n, 2n ** 120n);
    });

    it("when the payer has not allowed it, reverts as the token does", async () => {
      const { asLicenses, router, usd, order, stranger } = await networkHelpers.loadFixture(escrowFixture);
      await expect(asLicenses.deposit({ ...order, caller: stranger.address }, "0x"))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), 0n, 100n);
    });

    it("when units are bought, takes their price and counts them", async () => {
      const { asLicenses, router, usd, buyer, order } = await networkHelpers.loadFixture(escrowFixture);
      const deposited = asLicenses.deposit(order, "0x");
      await expect(deposited).to.emit(router, "Deposited").withArgs(1n, buyer.address, 100n, 4n);
      await expect(deposited).to.changeTokenBalances(ethers, usd, [buyer, router], [-100n, 100n]);
      expect(await router.escrowOf(1n)).to.deep.equal([PRICE + 100n, 0n, 1_004n]);
    });

    it("when units are free, counts them and touches no token", async () => {
      const { asLicenses, router, stranger, order } = await networkHelpers.loadFixture(escrowFixture);
      const free = { ...order, amount: 0n, caller: stranger.address, token: stranger.address };
      await expect(asLicenses.deposit(free, "0x"))
        .to.emit(router, "Deposited")
        .withArgs(1n, stranger.address, 0n, 4n);
      expect(await router.escrowOf(1n)).to.deep.equal([PRICE, 0n, 1_004n]);
    });

    it("when a license is bought, holds its price for the offer", async () => {
      const grid = await networkHelpers.loadFixture(escrowFixture);
      const offerId = await addOffer(grid, { pricePerMillion: 3n * MILLION });
      await grid.licenses.connect(grid.buyer).mint(mintParams(offerId, grid.buyer, 10n, 30n), "0x");
      expect(await grid.router.escrowOf(offerId)).to.deep.equal([30n, 0n, 10n]);
      expect(await grid.router.escrowOf(1n)).to.deep.equal([PRICE, 0n, 1_000n]);
    });
  });

  describe("release", () => {
    it("when the offer does not exist, reverts", async () => {
      const { asLedger, terms, payee } = await networkHelpers.loadFixture(escrowFixture);
      await expect(asLedger.release(2n, 1n, payee))
        .to.be.revertedWithCustomError(terms, "OfferNonexistent")
        .withArgs(2n);
    });

    it("when somebody other than the offer's ledger calls, reverts", async () => {
      const { router, meter, payee } = await networkHelpers.loadFixture(escrowFixture);
      await expect(router.connect(meter).release(1n, 1n, payee))
        .to.be.revertedWithCustomError(router, "CallerNotOfferLedger")
        .withArgs(1n, meter.address);
    });

    it("when the escrow holds less than the price, reverts, even if other offers hold enough", async () => {
      const grid = await networkHelpers.loadFixture(escrowFixture);
      const offerId = await addOffer(grid);
      await grid.licenses.connect(grid.buyer).mint(mintParams(offerId, grid.buyer, 5_000n), "0x");
      await expect(grid.asLedger.release(1n, 1_001n, grid.payee))
        .to.be.revertedWithCustomError(grid.router, "EscrowInsufficientBalance")
        .withArgs(1n, PRICE, PRICE + 25n);
    });

    it("when the price would not fit 128 bits, reverts and wraps nothing", async () => {
      const grid = await networkHelpers.loadFixture(escrowFixture);
      const pricePerMillion = 2n ** 96n - 1n;
      const offerId = await addOffer(grid, { pricePerMillion });
      await expect(grid.asLedger.release(offerId, 2n ** 128n - 1n, grid.payee))
        .to.be.revertedWithCustomError(grid.router, "EscrowInsufficientBalance")
        .withArgs(offerId, 0n, ((2n ** 128n - 1n) * pricePerMillion) / MILLION);
    });

    it("when units are worth less than a base unit, carries the remainder to the next release", async () => {
      const grid = await networkHelpers.loadFixture(escrowFixture);
      const { router, asLedger, licenses, buyer, payee, usd } = grid;
      const offerId = await addOffer(grid, { pricePerMillion: 400_000n, application: ethers.ZeroAddress });
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, 9n), "0x");
      expect(await router.escrowOf(offerId)).to.deep.equal([4n, 0n, 9n]);
      for (const [units, amount, balance, carry] of [
        [1n, 0n, 4n, 400_000n],
        [1n, 0n, 4n, 800_000n],
        [1n, 1n, 3n, 200_000n],
        [5n, 2n, 1n, 200_000n],
        [1n, 0n, 1n, 600_000n],
      ] as const) {
        const version = await router.revenueOf(1n, 1n, usd);
        await expect(asLedger.release(offerId, units, payee))
          .to.emit(router, "Released")
          .withArgs(
            offerId,
            1n,
            payee.address,
            1n,
            units,
            amount,
            legsBetween(version.total, amount).compute,
            0n,
            0n,
          );
        expect(await router.escrowOf(offerId)).to.deep.equal([balance, carry, 9n]);
      }
      expect((await router.revenueOf(1n, 1n, usd)).total).to.equal((9n * 400_000n) / MILLION);
    });

    it("when revenue would reach 2^120, reverts and the escrow keeps it", async () => {
      const grid = await networkHelpers.loadFixture(escrowFixture);
      const { asLedger, router, usd, buyer, payee } = grid;
      const total = 2n ** 120n - 100n;
      await usd.mint(buyer, total);
      await router.connect(buyer).pay(1n, usd, total, "0x");
      await expect(asLedger.release(1n, 4n, payee))
        .to.be.revertedWithCustomError(router, "SafeCastOverflowedUintDowncast")
        .withArgs(120n, 2n ** 120n);
      expect(await router.escrowOf(1n)).to.deep.equal([PRICE, 0n, 1_000n]);
    });

    it("when all is used, pays to the last unit", async () => {
      const { asLedger, router, usd, payee, application } = await networkHelpers.loadFixture(escrowFixture);
      await expect(asLedger.release(1n, 1_000n, payee))
        .to.emit(router, "Released")
        .withArgs(1n, 1n, payee.address, 1n, 1_000n, PRICE, 5_000n, 750n, 0n);
      expect(await router.escrowOf(1n)).to.deep.equal([0n, 0n, 1_000n]);
      expect(await router.withdrawable(payee, usd)).to.equal(5_000n);
      expect(await router.withdrawable(application, usd)).to.equal(750n);
      expect(await router.takenOf(1n, 1n, usd, Earner.Platform)).to.equal(750n);
      expect(await router.revenueOf(1n, 1n, usd)).to.deep.equal([PRICE, 0n, false, 0n, 0n]);
      const { amounts } = await router.claimable(await earners(usd, [0n, 4n]));
      expect([...amounts]).to.deep.equal([1_750n, 10_000n, 7_500n, 0n]);
    });

    it("when shares changed since the sale, accrues to the version current now", async () => {
      const { asLedger, router, capsules, creator, usd, payee } =
        await networkHelpers.loadFixture(escrowFixture);
      await capsules.connect(creator).setShares(1n, []);
      await asLedger.release(1n, 4n, payee);
      expect((await router.revenueOf(1n, 1n, usd)).total).to.equal(0n);
      expect((await router.revenueOf(1n, 2n, usd)).total).to.equal(100n);
    });

    for (const [bps, part] of [
      [0n, 0n],
      [1n, 0n],
      [3_000n, 29n],
      [5_000n, 48n],
    ] as const) {
      it(`when applications get ${bps} basis points, rounds down and leaves the rest to the Commons`, async () => {
        const { asLedger, router, commons, timelock, usd, payee, application } =
          await networkHelpers.loadFixture(escrowFixture);
        await router.connect(await impersonate(timelock)).setApplicationShare(bps);
        await expect(asLedger.release(1n, 39n, payee))
          .to.emit(router, "Released")
          .withArgs(1n, 1n, payee.address, 1n, 39n, 975n, legsOf(975n).compute, part, 0n);
        expect(await router.withdrawable(application, usd)).to.equal(part);
        expect(await router.takenOf(1n, 1n, usd, Earner.Platform)).to.equal(part);
        const claimed = router.claim([await earners(usd, [Earner.Platform, 1n])]);
        await expect(claimed).to.changeTokenBalance(ethers, usd, commons, 97n - part);
        expect(await router.takenOf(1n, 1n, usd, Earner.Platform)).to.equal(97n);
      });
    }

    it("when the offer names no application, the Commons gets the whole part", async () => {
      const grid = await networkHelpers.loadFixture(escrowFixture);
      const { asLedger, licenses, router, buyer, usd, commons, payee } = grid;
      const offerId = await addOffer(grid, { application: ethers.ZeroAddress });
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, 40n), "0x");
      await expect(asLedger.release(offerId, 40n, payee))
        .to.emit(router, "Released")
        .withArgs(offerId, 1n, payee.address, 1n, 40n, 1_000n, 200n, 0n, 0n);
      expect(await router.withdrawable(ethers.ZeroAddress, usd)).to.equal(0n);
      const claimed = router.claim([await earners(usd, [Earner.Platform, 1n])]);
      await expect(claimed).to.changeTokenBalance(ethers, usd, commons, 100n);
    });

    it("when the offer names the router, it names no application", async () => {
      const grid = await networkHelpers.loadFixture(escrowFixture);
      const { asLedger, licenses, router, buyer, usd, commons, payee } = grid;
      const offerId = await addOffer(grid, { application: await router.getAddress() });
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, 40n), "0x");
      await expect(asLedger.release(offerId, 40n, payee))
        .to.emit(router, "Released")
        .withArgs(offerId, 1n, payee.address, 1n, 40n, 1_000n, 200n, 0n, 0n);
      expect(await router.withdrawable(router, usd)).to.equal(0n);
      const claimed = router.claim([await earners(usd, [Earner.Platform, 1n])]);
      await expect(claimed).to.changeTokenBalance(ethers, usd, commons, 100n);
    });

    it("when the share changes between releases and claims, earlier earnings stay", async () => {
      const { asLedger, router, timelock, usd, payee, application } =
        await networkHelpers.loadFixture(escrowFixture);
      const governed = router.connect(await impersonate(timelock));
      await asLedger.release(1n, 40n, payee);
      await governed.setApplicationShare(5_000n);
      expect(await router.withdrawable(application, usd)).to.equal(30n);
      await router.claim([await earners(usd, [0n, 1n])]);
      await asLedger.release(1n, 40n, payee);
      expect(await router.withdrawable(application, usd)).to.equal(80n);
      await governed.setApplicationShare(0n);
      const { amounts } = await router.claimable(await earners(usd, [0n, 1n]));
      expect([...amounts]).to.deep.equal([50n]);
    });

    it("when the application's part is taken, its neighbor's account stays as it is", async () => {
      const { asLedger, router, usd, payee } = await networkHelpers.loadFixture(escrowFixture);
      await asLedger.release(1n, 40n, payee);
      await router.claim([await earners(usd, [Earner.Data, 1n])]);
      await asLedger.release(1n, 40n, payee);
      expect(await router.takenOf(1n, 1n, usd, Earner.Platform)).to.equal(60n);
      expect(await router.takenOf(1n, 1n, usd, Earner.Data)).to.equal(400n);
    });
  });

  describe("refund", () => {
    it("when somebody other than the license contract calls, reverts", async () => {
      const { asLedger, router, ledger, stranger } = await networkHelpers.loadFixture(escrowFixture);
      await expect(asLedger.refund(1n, stranger, 1_000n, 1n))
        .to.be.revertedWithCustomError(router, "CallerNotLicenses")
        .withArgs(await ledger.getAddress());
    });

    it("when the escrow holds less, reverts", async () => {
      const { asLicenses, router, buyer } = await networkHelpers.loadFixture(escrowFixture);
      await expect(asLicenses.refund(1n, buyer, 1_000n, PRICE + 1n))
        .to.be.revertedWithCustomError(router, "EscrowInsufficientBalance")
        .withArgs(1n, PRICE, PRICE + 1n);
    });

    it("when a license closes, owes its holder the unused part and no longer counts its units", async () => {
      const { asLicenses, router, usd, buyer } = await networkHelpers.loadFixture(escrowFixture);
      const refunded = asLicenses.refund(1n, buyer, 1_000n, 100n);
      await expect(refunded).to.emit(router, "Refunded").withArgs(1n, buyer.address, 100n, 1_000n);
      await expect(refunded).to.changeTokenBalances(ethers, usd, [router, buyer], [0n, 0n]);
      expect(await router.escrowOf(1n)).to.deep.equal([PRICE - 100n, 0n, 0n]);
      expect(await router.withdrawable(buyer, usd)).to.equal(100n);
    });

    it("when nothing is left to refund, no longer counts the units", async () => {
      const { asLicenses, router, usd, buyer } = await networkHelpers.loadFixture(escrowFixture);
      await expect(asLicenses.refund(1n, buyer, 1_000n, 0n))
        .to.emit(router, "Refunded")
        .withArgs(1n, buyer.address, 0n, 1_000n);
      expect(await router.escrowOf(1n)).to.deep.equal([PRICE, 0n, 0n]);
      expect(await router.withdrawable(buyer, usd)).to.equal(0n);
    });
  });

  describe("sweep", () => {
    async function lapsedFixture() {
      const grid = await networkHelpers.loadFixture(escrowFixture);
      await grid.asLedger.release(1n, 40n, grid.payee);
      const { expiry } = await grid.licenses.licenseOf(1n);
      await networkHelpers.time.increaseTo(expiry + WINDOW + LAPSE + 1n);
      return grid;
    }

    it("when the offer does not exist, reverts", async () => {
      const { router, terms } = await networkHelpers.loadFixture(escrowFixture);
      await expect(router.sweep(2n)).to.be.revertedWithCustomError(terms, "OfferNonexistent").withArgs(2n);
    });

    it("when the offer still sells, reverts", async () => {
      const { router } = await networkHelpers.loadFixture(escrowFixture);
      await expect(router.sweep(1n)).to.be.revertedWithCustomError(router, "EscrowOfferForSale").withArgs(1n);
    });

    it("when only its ledger is retired, sweeps, since nothing sells there any more", async () => {
      const { router, terms, ledger, timelock, licenses } = await networkHelpers.loadFixture(lapsedFixture);
      await licenses.lapse(1n);
      await terms.connect(await impersonate(timelock)).retireLedger(ledger);
      await expect(router.sweep(1n)).to.emit(router, "EscrowSwept").withArgs(1n, 1n, 1n, 24_000n);
    });

    it("when the only license is not closed, reverts, although it lapsed", async () => {
      const { router, terms, creator } = await networkHelpers.loadFixture(lapsedFixture);
      await terms.connect(creator).retireOffer(1n);
      await expect(router.sweep(1n))
        .to.be.revertedWithCustomError(router, "EscrowNothingToSweep")
        .withArgs(1n, 24_000n, PRICE);
    });

    for (const mode of ["open", "private"] as const) {
      it(`when a license of ${mode} use is open, sweeps all but its price, again and again`, async () => {
        const grid = await networkHelpers.loadFixture(escrowFixture);
        const { router, licenses, terms, asLedger, creator, buyer, payee } = grid;
        const price = { pricePerMillion: 333_333n, mode: mode === "open" ? Mode.Open : Mode.Private };
        const offerId = await addOffer(grid, price);
        const buy = (units: bigint) => licenses.connect(buyer).mint(mintParams(offerId, buyer, units), "0x");
        await buy(5_000n); // 1,666.665, rounded up
        await buy(4_000n); // 1,333.332, rounded up
        await asLedger.release(offerId, 100n, payee); // 33.3333, rounded down
        await networkHelpers.time.increase(30n * DAY - 60n);
        await buy(10n); // 3.33333, rounded up
        await terms.connect(creator).retireOffer(offerId);
        await networkHelpers.time.increase(WINDOW + LAPSE + 120n);
        expect(await router.escrowOf(offerId)).to.deep.equal([3_005n - 33n, 333_300n, 9_010n]);

        await licenses.lapse(2n);
        // 4,010 units and the carry: 1,336.998630
        await expect(router.sweep(offerId)).to.emit(router, "EscrowSwept").withArgs(offerId, 1n, 1n, 1_636n);
        await licenses.lapse(3n);
        // 10 units and the carry: 3.666630
        await expect(router.sweep(offerId)).to.emit(router, "EscrowSwept").withArgs(offerId, 1n, 1n, 1_333n);
        await expect(router.sweep(offerId))
          .to.be.revertedWithCustomError(router, "EscrowNothingToSweep")
          .withArgs(offerId, 3n, 3n);
        // What was held back pays for the rest.
        await asLedger.release(offerId, 10n, payee);
        expect(await router.escrowOf(offerId)).to.deep.equal([0n, 666_630n, 10n]);
      });
    }

    it("when nothing is left, reverts", async () => {
      const { router, asLicenses, terms, creator, buyer } = await networkHelpers.loadFixture(escrowFixture);
      await asLicenses.refund(1n, buyer, 1_000n, PRICE);
      await terms.connect(creator).retireOffer(1n);
      await expect(router.sweep(1n))
        .to.be.revertedWithCustomError(router, "EscrowNothingToSweep")
        .withArgs(1n, 0n, 0n);
    });

    it("when the last license lapsed, a stranger turns the rest into a direct payment", async () => {
      const { router, licenses, terms, usd, creator, stranger, commons, dataOwner, modelOwner } =
        await networkHelpers.loadFixture(lapsedFixture);
      await router.claim([await earners(usd, [0n, 4n])]);
      await terms.connect(creator).retireOffer(1n);
      await licenses.lapse(1n);
      const swept = router.connect(stranger).sweep(1n);
      await expect(swept).to.emit(router, "EscrowSwept").withArgs(1n, 1n, 1n, 24_000n);
      await expect(swept).to.changeTokenBalances(ethers, usd, [router, stranger], [0n, 0n]);
      expect(await router.escrowOf(1n)).to.deep.equal([0n, 0n, 0n]);
      expect(await router.revenueOf(1n, 1n, usd)).to.deep.equal([PRICE, 4_800n, false, 0n, 0n]);
      await expect(router.claim([await earners(usd, [0n, 4n])])).to.changeTokenBalances(
        ethers,
        usd,
        [commons, dataOwner, modelOwner, creator],
        [2_400n, 9_600n, 7_200n, 4_800n],
      );
      await expect(router.sweep(1n))
        .to.be.revertedWithCustomError(router, "EscrowNothingToSweep")
        .withArgs(1n, 0n, 0n);
    });
  });
});

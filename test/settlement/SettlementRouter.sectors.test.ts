import { expect } from "chai";
import {
  ethers,
  impersonate,
  LAPSE,
  licenseFixture,
  MILLION,
  mintParams,
  networkHelpers,
  WINDOW,
} from "../grid.ts";
import { addOffer, Earner, earners, legsBetween, legsOf, type OfferOverrides, randomOf } from "./support.ts";

const SECTOR = 7n;

/** `licenseFixture`, whose offer has sector 7 and an application with 30 %. `receiver` is a sector's account. */
async function sectorFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const { router, ledger, timelock, licenses, buyer } = grid;
  const governed = router.connect(await impersonate(timelock));
  const sell = async (overrides: OfferOverrides) => {
    const offerId = await addOffer(grid, overrides);
    await licenses.connect(buyer).mint(mintParams(offerId, buyer, 1_000n), "0x");
    return offerId;
  };
  return {
    ...grid,
    governed,
    sell,
    asLedger: router.connect(await impersonate(ledger)),
    receiver: ethers.getAddress("0x00000000000000000000000000000000000005ec"),
  };
}

describe("SettlementRouter: sectors", () => {
  describe("release", () => {
    for (const [bps, part] of [
      [0n, 0n],
      [1n, 0n],
      [3_000n, 20n],
      [5_000n, 34n],
    ] as const) {
      it(`when the sector gets ${bps} basis points, takes them from what the application left, rounded down`, async () => {
        const grid = await networkHelpers.loadFixture(sectorFixture);
        const { router, governed, asLedger, usd, payee, application, commons, receiver } = grid;
        await governed.setSectorShare(SECTOR, receiver, bps);
        // Platform 97, application 29: 68 are left.
        await expect(asLedger.release(1n, 39n, payee))
          .to.emit(router, "Released")
          .withArgs(1n, 1n, payee.address, 1n, 39n, 975n, legsOf(975n).compute, 29n, part);
        expect(await router.withdrawable(application, usd)).to.equal(29n);
        expect(await router.withdrawable(receiver, usd)).to.equal(part);
        expect(await router.takenOf(1n, 1n, usd, Earner.Platform)).to.equal(29n + part);
        const claimed = router.claim([await earners(usd, [Earner.Platform, 1n])]);
        await expect(claimed).to.changeTokenBalance(ethers, usd, commons, 68n - part);
        await expect(router.withdraw(receiver, usd)).to.changeTokenBalance(ethers, usd, receiver, part);
      });
    }

    it("when the offer names no application, the sector's part is of the whole leg", async () => {
      const grid = await networkHelpers.loadFixture(sectorFixture);
      const { router, governed, asLedger, sell, usd, payee, receiver } = grid;
      await governed.setSectorShare(SECTOR, receiver, 5_000n);
      const offerId = await sell({ application: ethers.ZeroAddress });
      await expect(asLedger.release(offerId, 40n, payee))
        .to.emit(router, "Released")
        .withArgs(offerId, 1n, payee.address, 1n, 40n, 1_000n, 200n, 0n, 50n);
      expect(await router.withdrawable(receiver, usd)).to.equal(50n);
      expect(await router.takenOf(1n, 1n, usd, Earner.Platform)).to.equal(50n);
      const { amounts } = await router.claimable(await earners(usd, [0n, 4n]));
      expect([...amounts]).to.deep.equal([50n, 400n, 300n, 0n]);
    });

    it("when both parts are at their maximum, the Commons keeps a quarter of the leg", async () => {
      const grid = await networkHelpers.loadFixture(sectorFixture);
      const { router, governed, asLedger, usd, payee, application, receiver } = grid;
      await governed.setApplicationShare(5_000n);
      await governed.setSectorShare(SECTOR, receiver, 5_000n);
      await asLedger.release(1n, 40n, payee);
      expect(await router.withdrawable(application, usd)).to.equal(50n);
      expect(await router.withdrawable(receiver, usd)).to.equal(25n);
      const { amounts } = await router.claimable(await earners(usd, [0n, 1n]));
      expect([...amounts]).to.deep.equal([25n]);
    });

    it("when the offer has another sector, 0 included, it earns by its own sector's share", async () => {
      const grid = await networkHelpers.loadFixture(sectorFixture);
      const { router, governed, asLedger, sell, usd, payee, receiver, stranger } = grid;
      await governed.setSectorShare(SECTOR, receiver, 1_000n);
      await governed.setSectorShare(0n, stranger, 2_000n);
      const [zero, eight] = [
        await sell({ sector: 0n, application: ethers.ZeroAddress }),
        await sell({ sector: 8n, application: ethers.ZeroAddress }),
      ];
      await asLedger.release(zero, 40n, payee);
      await asLedger.release(eight, 40n, payee);
      expect(await router.withdrawable(stranger, usd)).to.equal(20n);
      expect(await router.withdrawable(receiver, usd)).to.equal(0n);
    });

    it("when offers have two currencies, earns in each, by that currency's legs", async () => {
      const grid = await networkHelpers.loadFixture(sectorFixture);
      const { router, governed, asLedger, sell, usd, buyer, payee, receiver } = grid;
      const other = await ethers.deployContract("PlainToken", [18]);
      await other.mint(buyer, 10n ** 18n);
      await other.connect(buyer).approve(router, ethers.MaxUint256);
      const offerId = await sell({ currency: await other.getAddress(), pricePerMillion: 3n * MILLION });
      await governed.setSectorShare(SECTOR, receiver, 5_000n);
      await asLedger.release(1n, 40n, payee);
      await asLedger.release(offerId, 333n, payee);
      expect(await router.withdrawable(receiver, usd)).to.equal(35n); // of 100 - 30
      expect(await router.withdrawable(receiver, other)).to.equal(35n); // of 99 - 29
      await expect(router.withdraw(receiver, other)).to.changeTokenBalance(ethers, other, receiver, 35n);
      expect(await router.withdrawable(receiver, usd)).to.equal(35n);
    });

    it("when fraction and account change between releases, earlier earnings stay", async () => {
      const grid = await networkHelpers.loadFixture(sectorFixture);
      const { router, governed, asLedger, usd, payee, receiver, stranger } = grid;
      await asLedger.release(1n, 40n, payee);
      await governed.setSectorShare(SECTOR, receiver, 5_000n);
      expect(await router.withdrawable(receiver, usd)).to.equal(0n);
      await asLedger.release(1n, 40n, payee);
      await governed.setSectorShare(SECTOR, receiver, 1_000n);
      await asLedger.release(1n, 40n, payee);
      expect(await router.withdrawable(receiver, usd)).to.equal(42n);
      await router.claim([await earners(usd, [0n, 1n])]);
      await governed.setSectorShare(SECTOR, stranger, 5_000n);
      await asLedger.release(1n, 40n, payee);
      await governed.setSectorShare(SECTOR, ethers.ZeroAddress, 0n);
      await asLedger.release(1n, 40n, payee);
      expect(await router.withdrawable(receiver, usd)).to.equal(42n);
      expect(await router.withdrawable(stranger, usd)).to.equal(35n);
      expect(await router.withdrawable(ethers.ZeroAddress, usd)).to.equal(0n);
      expect(await router.takenOf(1n, 1n, usd, Earner.Platform)).to.equal(300n + 65n + 30n);
      const { amounts } = await router.claimable(await earners(usd, [0n, 1n]));
      expect([...amounts]).to.deep.equal([500n - (300n + 65n + 30n)]);
    });

    it("when one account is payee, application and the sector's, gets all three parts", async () => {
      const grid = await networkHelpers.loadFixture(sectorFixture);
      const { router, governed, asLedger, usd, application } = grid;
      await governed.setSectorShare(SECTOR, application, 5_000n);
      await asLedger.release(1n, 40n, application);
      expect(await router.withdrawable(application, usd)).to.equal(200n + 30n + 35n);
    });

    it("when releases of any size follow each other, all parts add up to the payments", async () => {
      const grid = await networkHelpers.loadFixture(sectorFixture);
      const { router, governed, asLedger, sell, usd, payee, application, receiver } = grid;
      const offerId = await sell({ pricePerMillion: 7_300_001n });
      await governed.setSectorShare(SECTOR, receiver, 3_333n);
      const random = randomOf(1_907);
      let [units, total, applied, earned] = [0n, 0n, 0n, 0n];
      for (let i = 0; i < 20; i += 1) {
        const more = BigInt(1 + random(45));
        const amount = ((units + more) * 7_300_001n) / MILLION - total;
        const { platform } = legsBetween(total, amount);
        const bonus = (platform * 3_000n) / 10_000n;
        await asLedger.release(offerId, more, payee);
        applied += bonus;
        earned += ((platform - bonus) * 3_333n) / 10_000n;
        units += more;
        total += amount;
      }
      expect(await router.withdrawable(application, usd)).to.equal(applied);
      expect(await router.withdrawable(receiver, usd)).to.equal(earned);
      const { amounts } = await router.claimable(await earners(usd, [0n, 4n]));
      const legs = legsOf(total);
      expect([...amounts]).to.deep.equal([legs.platform - applied - earned, legs.data, legs.model, 0n]);
    });
  });

  describe("pay and sweep", () => {
    it("when a capsule is paid directly, no sector earns", async () => {
      const { router, governed, usd, buyer, receiver } = await networkHelpers.loadFixture(sectorFixture);
      for (const sector of [0n, SECTOR]) await governed.setSectorShare(sector, receiver, 5_000n);
      await router.connect(buyer).pay(1n, usd, 1_000n, "0x");
      expect(await router.withdrawable(receiver, usd)).to.equal(0n);
      expect(await router.takenOf(1n, 1n, usd, Earner.Platform)).to.equal(0n);
    });

    it("when escrow is swept, no sector earns", async () => {
      const grid = await networkHelpers.loadFixture(sectorFixture);
      const { router, governed, terms, licenses, usd, creator, receiver } = grid;
      await governed.setSectorShare(SECTOR, receiver, 5_000n);
      const { expiry } = await licenses.licenseOf(1n);
      await networkHelpers.time.increaseTo(expiry + WINDOW + LAPSE + 1n);
      await licenses.lapse(1n);
      await terms.connect(creator).retireOffer(1n);
      await expect(router.sweep(1n)).to.emit(router, "EscrowSwept").withArgs(1n, 1n, 1n, 25_000n);
      expect(await router.withdrawable(receiver, usd)).to.equal(0n);
      expect(await router.takenOf(1n, 1n, usd, Earner.Platform)).to.equal(0n);
    });
  });
});

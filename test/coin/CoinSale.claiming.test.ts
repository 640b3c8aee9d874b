import { expect } from "chai";
import { DAY, ethers, networkHelpers } from "../grid.ts";
import {
  COIN,
  coinsFor,
  HEALTH_COINS,
  halfSoldFixture,
  lotFixture,
  RESERVE,
  soldOutFixture,
  WHOLE,
} from "./sale.ts";

/** Lots 1 and 2 are over. Lot 1 is sold out; Alice paid for a quarter of lot 2. */
async function twoLotsFixture() {
  const fixture = await networkHelpers.loadFixture(soldOutFixture);
  await fixture.stock(1n, 3n, 8n * COIN);
  await fixture.sale.open(1n);
  await fixture.contribute(fixture.alice, 2n * RESERVE, 2n);
  await networkHelpers.time.increase(DAY);
  return fixture;
}

describe("CoinSale, claiming", () => {
  describe("claim", () => {
    it("when a lot does not exist, reverts", async () => {
      const { sale, alice } = await networkHelpers.loadFixture(soldOutFixture);
      await expect(sale.claim(alice, [1n, 2n]))
        .to.be.revertedWithCustomError(sale, "LotNonexistent")
        .withArgs(2n);
    });

    it("when a lot is not over, reverts until its last second", async () => {
      const { sale, alice, contribute, closesAt } = await networkHelpers.loadFixture(lotFixture);
      await contribute(alice, WHOLE);
      for (const time of [closesAt - 2n, closesAt - 1n]) {
        await networkHelpers.time.setNextBlockTimestamp(time);
        await expect(sale.claim(alice, [1n]))
          .to.be.revertedWithCustomError(sale, "LotStillOpen")
          .withArgs(1n, closesAt);
      }
      await networkHelpers.time.setNextBlockTimestamp(closesAt);
      await sale.claim(alice, [1n]);
    });

    it("when the buyer paid nothing or has claimed, does nothing", async () => {
      const { sale, coin, alice, carol } = await networkHelpers.loadFixture(soldOutFixture);
      await sale.claim(alice, [1n]);
      for (const [buyer, lots] of [
        [carol, [1n]],
        [alice, [1n]],
        [alice, [1n, 1n]],
      ] as const) {
        expect(await sale.claim.staticCall(buyer, [...lots])).to.equal(0n);
        const claimed = sale.claim(buyer, [...lots]);
        await expect(claimed).not.to.emit(sale, "CoinsClaimed");
        await expect(claimed).not.to.emit(coin, "Transfer");
      }
    });

    it("when a lot is named twice, pays once", async () => {
      const { sale, coin, alice } = await networkHelpers.loadFixture(soldOutFixture);
      const claimed = sale.claim(alice, [1n, 1n]);
      await expect(claimed).to.changeTokenBalance(ethers, coin, alice, (3n * HEALTH_COINS) / 4n);
    });

    it("when anyone calls, the buyer gets its coins and the sale loses their votes", async () => {
      const { sale, coin, alice, bob, stranger } = await networkHelpers.loadFixture(soldOutFixture);
      const coins = (3n * HEALTH_COINS) / 4n;
      expect(await sale.claim.staticCall(alice, [1n])).to.equal(coins);
      const claimed = sale.connect(stranger).claim(alice, [1n]);
      await expect(claimed).to.emit(sale, "CoinsClaimed").withArgs(1n, alice.address, coins);
      await expect(claimed).to.changeTokenBalances(
        ethers,
        coin,
        [sale, alice, stranger],
        [-coins, coins, 0n],
      );
      expect(await coin.getVotes(sale)).to.equal(HEALTH_COINS / 4n);
      expect([await sale.contributionOf(1n, alice), await sale.coinsOf(1n, alice)]).to.deep.equal([0n, 0n]);
      await sale.claim(bob, [1n]);
      expect(await coin.balanceOf(sale)).to.equal(0n);
    });

    it("when the lot was not sold out, buyers pay the reserve price and the rest stays", async () => {
      const { sale, coin, alice, bob } = await networkHelpers.loadFixture(halfSoldFixture);
      await sale.claim(alice, [1n]);
      await sale.claim(bob, [1n]);
      expect([await coin.balanceOf(alice), await coin.balanceOf(bob)]).to.deep.equal([
        HEALTH_COINS / 4n,
        HEALTH_COINS / 8n,
      ]);
      expect(await sale.soldOf(1n)).to.equal((3n * HEALTH_COINS) / 8n);
      expect(await coin.balanceOf(sale)).to.equal((5n * HEALTH_COINS) / 8n);
    });

    it("when claimed a year and several lots later, pays by the lot's own price", async () => {
      const { sale, coin, usd, alice, bob } = await networkHelpers.loadFixture(twoLotsFixture);
      await sale.setCurrency(usd, 1n);
      await networkHelpers.time.increase(365n * DAY);
      await sale.open(1n);
      await sale.claim(alice, [2n, 1n]);
      expect(await coin.balanceOf(alice)).to.equal(2n * COIN + (3n * HEALTH_COINS) / 4n);
      await sale.claim(bob, [1n]);
      expect(await coin.balanceOf(sale)).to.equal(6n * COIN);
    });

    it("when many lots are claimed at once, pays their sum in one transfer", async () => {
      const { sale, coin, alice } = await networkHelpers.loadFixture(twoLotsFixture);
      const [first, second] = [(3n * HEALTH_COINS) / 4n, 2n * COIN];
      const claimed = sale.claim(alice, [1n, 2n]);
      await expect(claimed).to.emit(sale, "CoinsClaimed").withArgs(1n, alice.address, first);
      await expect(claimed).to.emit(sale, "CoinsClaimed").withArgs(2n, alice.address, second);
      await expect(claimed)
        .to.emit(coin, "Transfer")
        .withArgs(await sale.getAddress(), alice.address, first + second);
    });

    it("when no lot is named, pays nothing", async () => {
      const { sale, coin, alice } = await networkHelpers.loadFixture(soldOutFixture);
      await expect(sale.claim(alice, [])).to.changeTokenBalance(ethers, coin, alice, 0n);
    });

    it("when shares are not whole numbers, rounds each down and keeps the dust", async () => {
      const { sale, coin, alice, bob, carol, contribute, closesAt, goTo, stock } =
        await networkHelpers.loadFixture(lotFixture);
      const amounts = [WHOLE + 1n, WHOLE + 2n, WHOLE + 3n];
      const total = 3n * WHOLE + 6n;
      const buyers = [alice, bob, carol];
      for (const [i, amount] of amounts.entries()) await contribute(buyers[i] ?? alice, amount);
      await goTo(closesAt);
      for (const buyer of buyers) await sale.claim(buyer, [1n]);
      const shares = amounts.map((amount) => coinsFor(amount, total, HEALTH_COINS, RESERVE));
      expect(await Promise.all(buyers.map((buyer) => coin.balanceOf(buyer)))).to.deep.equal(shares);
      const left = HEALTH_COINS - shares.reduce((sum, share) => sum + share, 0n);
      expect(left).to.equal(1n);
      expect(await coin.balanceOf(sale)).to.equal(left);
      await stock(1n, 3n, COIN);
      await expect(sale.open(1n)).not.to.emit(sale, "Restocked");
      expect((await sale.lotOf(2n)).coins).to.equal(COIN);
    });
  });

  describe("unsolicited transfers", () => {
    it("when coins and money are sent to the sale, prices, stock and shares stay the same", async () => {
      const { sale, coin, usd, alice, bob, stock } = await networkHelpers.loadFixture(soldOutFixture);
      await sale.claim(alice, [1n]);
      await coin.connect(alice).transfer(sale, COIN);
      await usd.connect(alice).transfer(sale, WHOLE);
      expect(await sale.coinsOf(1n, bob)).to.equal(HEALTH_COINS / 4n);
      await stock(1n, 3n, COIN);
      await sale.open(1n);
      expect((await sale.lotOf(2n)).coins).to.equal(COIN);
      await sale.connect(bob).contribute(2n, bob, RESERVE);
      await sale.claim(bob, [1n]);
      expect(await coin.balanceOf(sale)).to.equal(2n * COIN);
      expect(await usd.balanceOf(sale)).to.equal(WHOLE);
    });
  });
});

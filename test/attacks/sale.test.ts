import { expect } from "chai";
import {
  COIN,
  fundBuyer,
  HEALTH_COINS,
  lotFixture,
  RESERVE,
  saleFixture,
  stockFixture,
  WHOLE,
} from "../coin/sale.ts";
import { HEALTH, TRAINING } from "../coin/support.ts";
import { SETTINGS } from "../governance/support.ts";
import { DAY, ethers, HOLD, networkHelpers } from "../grid.ts";

/** A token with hooks is the default currency. Lot 1 sells 10 coins for it, at 100 units each. */
async function hookFixture() {
  const fixture = await networkHelpers.loadFixture(stockFixture);
  const { sale, alice, bob, stock } = fixture;
  const token = await ethers.deployContract("HookToken");
  for (const buyer of [alice, bob]) await fundBuyer(buyer, token, sale);
  await sale.setCurrency(token, 100n);
  await sale.setStandardCurrency(token);
  await stock(1n, 1n, 10n * COIN);
  await stock(2n, 1n, 10n * COIN);
  await sale.open(1n);
  return { ...fixture, token };
}

/** `hookFixture` with lot 1 over and bought by Alice alone, and lot 2, of champion 2, on sale. */
async function secondLotFixture() {
  const fixture = await networkHelpers.loadFixture(hookFixture);
  const { sale, alice } = fixture;
  await sale.connect(alice).contribute(1n, alice, 2_000n);
  await networkHelpers.time.increase(DAY);
  await sale.open(2n);
  return fixture;
}

describe("attacks on the sale", () => {
  describe("by the smallest bid", () => {
    it("when there is no reserve, one unit takes a whole lot", async () => {
      const { usd, alice } = await networkHelpers.loadFixture(saleFixture);
      const twin = await ethers.deployContract("ReservelessSale", [HEALTH_COINS, usd]);
      await usd.connect(alice).approve(twin, 1n);
      await twin.connect(alice).contribute(1n);
      expect(await twin.coinsOf(alice)).to.equal(HEALTH_COINS);
    });

    it("with CoinSale, a single bidder pays the reserve price for each coin", async () => {
      const { sale, alice, contribute } = await networkHelpers.loadFixture(lotFixture);
      await expect(contribute(alice, 1n))
        .to.be.revertedWithCustomError(sale, "ContributionTooSmall")
        .withArgs(1n, 1n, RESERVE);
      await contribute(alice, 7n * RESERVE);
      expect(await sale.coinsOf(1n, alice)).to.equal(7n * COIN);
    });
  });

  describe("by a dust lot", () => {
    it("when a lot may have one base unit, two buyers pay for a coin and get nothing", async () => {
      const { usd, alice, bob } = await networkHelpers.loadFixture(saleFixture);
      const twin = await ethers.deployContract("ReservelessSale", [1n, usd]);
      for (const buyer of [alice, bob]) {
        await usd.connect(buyer).approve(twin, RESERVE);
        await twin.connect(buyer).contribute(RESERVE);
      }
      expect([await twin.coinsOf(alice), await twin.coinsOf(bob)]).to.deep.equal([0n, 0n]);
    });

    it("with CoinSale, a lot has at least one coin", async () => {
      const { sale, stock } = await networkHelpers.loadFixture(stockFixture);
      await stock(1n, 1n, 1n);
      await expect(sale.open(1n)).to.be.revertedWithCustomError(sale, "StockBelowCoin").withArgs(1n, 1n);
    });
  });

  describe("by a donation", () => {
    it("when shares depend on a balance, a donation takes coins from buyers", async () => {
      const { usd, alice, bob } = await networkHelpers.loadFixture(saleFixture);
      const twin = await ethers.deployContract("BalanceSale", [HEALTH_COINS, usd]);
      await usd.connect(alice).approve(twin, WHOLE);
      await twin.connect(alice).contribute(WHOLE);
      await usd.connect(bob).transfer(twin, WHOLE);
      expect(await twin.coinsOf(alice)).to.equal(HEALTH_COINS / 2n);
    });

    it("with CoinSale, donations to sale, Commons and vault change no share", async () => {
      const { sale, commons, usd, alice, bob, contribute } = await networkHelpers.loadFixture(lotFixture);
      await contribute(alice, WHOLE);
      await usd.connect(bob).transfer(sale, WHOLE);
      await usd.connect(bob).transfer(commons, WHOLE);
      await usd.connect(bob).approve(commons, WHOLE);
      await commons.connect(bob).deposit(1n, usd, WHOLE);
      expect([await sale.coinsOf(1n, alice), await sale.soldOf(1n)]).to.deep.equal([
        HEALTH_COINS,
        HEALTH_COINS,
      ]);
      await contribute(bob, WHOLE);
      expect(await sale.coinsOf(1n, alice)).to.equal(HEALTH_COINS / 2n);
    });
  });

  describe("by a late change of the programme", () => {
    it("when each payment reads the programme, later buyers fund another programme", async () => {
      const { commons, usd, alice } = await networkHelpers.loadFixture(saleFixture);
      const twin = await ethers.deployContract("RedirectedSale", [commons, usd]);
      await usd.connect(alice).approve(twin, 2n * WHOLE);
      await twin.setProgramme(1n);
      await twin.connect(alice).contribute(WHOLE);
      await twin.setProgramme(2n);
      await twin.connect(alice).contribute(WHOLE);
      expect((await commons.vaultOf(2n, usd)).balance).to.equal(WHOLE);
    });

    it("with CoinSale, a lot keeps the programme of its opening", async () => {
      const { commons, champions, usd, alice, contribute } = await networkHelpers.loadFixture(lotFixture);
      await contribute(alice, WHOLE);
      await champions.setProgramme(1n, 2n);
      await contribute(alice, WHOLE);
      expect((await commons.vaultOf(1n, usd)).balance).to.equal(2n * WHOLE);
      expect((await commons.vaultOf(2n, usd)).balance).to.equal(0n);
    });
  });

  describe("by early or repeated claims", () => {
    it("when claims are possible during a lot or repeatedly, too many coins are paid out", async () => {
      const [, alice, bob] = await ethers.getSigners();
      if (!alice || !bob) throw new Error("No accounts.");
      const early = await ethers.deployContract("HastySale", [HEALTH_COINS, WHOLE]);
      await early.connect(alice).contribute(WHOLE);
      await early.claim(alice);
      await early.connect(bob).contribute(WHOLE);
      await early.claim(bob);
      expect(await early.claimed()).to.equal((3n * HEALTH_COINS) / 2n);
      await early.claim(bob);
      expect(await early.claimed()).to.equal(2n * HEALTH_COINS);
    });

    it("with CoinSale, claims are possible only after the end and only once", async () => {
      const { sale, coin, alice, bob, contribute, closesAt, goTo } =
        await networkHelpers.loadFixture(lotFixture);
      await contribute(alice, WHOLE);
      await expect(sale.claim(alice, [1n]))
        .to.be.revertedWithCustomError(sale, "LotStillOpen")
        .withArgs(1n, closesAt);
      await contribute(bob, WHOLE);
      await goTo(closesAt);
      for (const buyer of [alice, bob]) await sale.claim(buyer, [1n]);
      await expect(sale.claim(alice, [1n, 1n])).to.changeTokenBalance(ethers, coin, alice, 0n);
      expect([await coin.balanceOf(alice), await coin.balanceOf(bob)]).to.deep.equal([
        HEALTH_COINS / 2n,
        HEALTH_COINS / 2n,
      ]);
    });

    it("with CoinSale, no second is both before and after the end", async () => {
      const { sale, alice, bob, contribute, closesAt } = await networkHelpers.loadFixture(lotFixture);
      await contribute(alice, WHOLE);
      await ethers.provider.send("evm_setAutomine", [false]);
      const gas = { gasLimit: 500_000n };
      const statuses: (number | null | undefined)[][] = [];
      for (const time of [closesAt - 1n, closesAt]) {
        await networkHelpers.time.setNextBlockTimestamp(time);
        const sent = [
          await sale.connect(bob).contribute(1n, bob, WHOLE, gas),
          await sale.claim(alice, [1n], gas),
        ];
        await networkHelpers.mine();
        const receipts = sent.map(({ hash }) => ethers.provider.getTransactionReceipt(hash));
        statuses.push((await Promise.all(receipts)).map((receipt) => receipt?.status));
      }
      await ethers.provider.send("evm_setAutomine", [true]);
      expect(statuses).to.deep.equal([
        [1, 0],
        [0, 1],
      ]);
    });
  });

  describe("by selling many rounds at once", () => {
    it("when a lot has no limit, a patient buyer gets ten rounds at the reserve price", async () => {
      const twin = await ethers.deployContract("UnlimitedSale");
      for (let round = 1; round <= 10; round += 1) await twin.stock(HEALTH_COINS);
      expect(await twin.open.staticCall()).to.equal(10n * HEALTH_COINS);
    });

    it("with CoinSale, at most two rounds are on sale per day, in any order of calls", async () => {
      const { sale, stock } = await networkHelpers.loadFixture(stockFixture);
      for (let round = 1n; round <= 10n; round += 1n) await stock(1n, round, HEALTH_COINS);
      for (let lotId = 1n; lotId <= 5n; lotId += 1n) {
        await sale.open(1n);
        const { coins, closesAt } = await sale.lotOf(lotId);
        expect(coins).to.equal(2n * HEALTH_COINS);
        await expect(sale.open(1n))
          .to.be.revertedWithCustomError(sale, "LotStillOpen")
          .withArgs(lotId, closesAt);
        await networkHelpers.time.increase(DAY);
      }
    });
  });

  describe("by the order of minting", () => {
    it("when only the newest round counts, minting a tiny one first keeps lots tiny permanently", async () => {
      const twin = await ethers.deployContract("LatestSale");
      await twin.stock(3n, 1n);
      for (const round of [1n, 2n]) await twin.stock(round, HEALTH_COINS);
      expect(await twin.size()).to.equal(2n);
    });

    it("with CoinSale, the order of minting matters for one day at most", async () => {
      const { sale, mine, source, stranger } = await networkHelpers.loadFixture(saleFixture);
      await networkHelpers.time.increase(DAY);
      await mine.connect(source).report(1n, HEALTH, 1_000n);
      await networkHelpers.time.increase(DAY);
      await mine.connect(source).report(1n, TRAINING, 1n);
      await mine.connect(source).report(1n, HEALTH, 1_000n);
      await networkHelpers.time.increase(DAY + HOLD);
      for (const round of [2n, 3n]) await mine.close(round);
      const tiny = 360_000_000n;
      await mine.connect(stranger).mint(3n, TRAINING, 1n);
      await sale.connect(stranger).open(1n);
      expect((await sale.lotOf(1n)).coins).to.equal(tiny);
      for (const round of [2n, 3n]) await mine.mint(round, HEALTH, 1n);
      // The heights of round 3 are rounded down.
      const coins = 2n * HEALTH_COINS - 1n;
      expect(await sale.stockOf(1n)).to.deep.equal([coins, HEALTH_COINS - 1n + tiny]);
      await networkHelpers.time.increase(DAY);
      await sale.open(1n);
      expect((await sale.lotOf(2n)).coins).to.equal(coins + tiny);
    });
  });

  describe("by the votes of unsold coins", () => {
    const governorOf = async (coin: unknown, sale: unknown, timelock: unknown) =>
      await ethers.deployContract("GridGovernor", [coin, timelock, sale, SETTINGS] as never);

    it("when a sale does not delegate to itself, its coins raise the buyers' quorum", async () => {
      const { stranger, other } = await networkHelpers.loadFixture(saleFixture);
      const coin = await ethers.deployContract("FoundationCoin", [stranger]);
      const twin = await ethers.deployContract("ReservelessSale", [HEALTH_COINS, other]);
      const governor = await governorOf(coin, twin, stranger);
      await coin.connect(stranger).mint(twin, HEALTH_COINS);
      await networkHelpers.time.increase(1);
      const past = BigInt(await networkHelpers.time.latest()) - 1n;
      expect(await governor.circulatingSupply()).to.equal(0n);
      expect(await governor.pastCirculatingSupply(past)).to.equal(HEALTH_COINS);
    });

    it("with CoinSale, coins count once their buyer has them", async () => {
      const { sale, coin, alice, stranger, contribute, closesAt, goTo } =
        await networkHelpers.loadFixture(lotFixture);
      const governor = await governorOf(coin, sale, stranger);
      await contribute(alice, WHOLE / 2n);
      await goTo(closesAt);
      await networkHelpers.time.increase(1);
      expect(await governor.pastCirculatingSupply(closesAt)).to.equal(0n);
      await sale.claim(alice, [1n]);
      const claimedAt = await networkHelpers.time.latest();
      await networkHelpers.time.increase(1);
      expect(await governor.pastCirculatingSupply(claimedAt)).to.equal(HEALTH_COINS / 2n);
    });
  });

  describe("by a token's hook", () => {
    it("when a sale writes after its transfer, the total misses a reentrant payment", async () => {
      const { token, alice, bob } = await networkHelpers.loadFixture(hookFixture);
      const twin = await ethers.deployContract("EagerSale", [token]);
      for (const buyer of [alice, bob]) await token.connect(buyer).approve(twin, 100n);
      await token.arm(twin, twin.interface.encodeFunctionData("contribute", [bob.address, 100n]), true);
      await twin.contribute(alice, 100n);
      expect((await twin.coinsOf(alice)) + (await twin.coinsOf(bob))).to.equal(2_000n);
    });

    it("with CoinSale, a reentrant payment reverts", async () => {
      const { sale, token, alice, bob } = await networkHelpers.loadFixture(hookFixture);
      const inner = sale.interface.encodeFunctionData("contribute", [1n, bob.address, 100n]);
      await token.arm(sale, inner, true);
      await expect(sale.connect(alice).contribute(1n, alice, 100n)).to.be.revertedWithCustomError(
        sale,
        "ReentrancyGuardReentrantCall",
      );
    });

    it("when claims and openings happen during a payment, they work as usual", async () => {
      const { sale, coin, token, alice, bob } = await networkHelpers.loadFixture(secondLotFixture);
      for (const [data, amount, succeeds] of [
        [sale.interface.encodeFunctionData("claim", [alice.address, [1n]]), 10n * COIN, true],
        [sale.interface.encodeFunctionData("claim", [alice.address, [1n]]), 0n, true],
        [sale.interface.encodeFunctionData("claim", [bob.address, [2n]]), 0n, false],
        [sale.interface.encodeFunctionData("open", [2n]), 0n, false],
      ] as const) {
        await token.arm(sale, data, false);
        await expect(sale.connect(bob).contribute(2n, bob, 100n)).to.changeTokenBalances(
          ethers,
          coin,
          [sale, alice, bob],
          [-amount, amount, 0n],
        );
        expect([await token.called(), await token.succeeded()]).to.deep.equal([true, succeeds]);
      }
      expect((await sale.lotOf(2n)).total).to.equal(400n);
      expect(await sale.contributionOf(2n, bob)).to.equal(400n);
    });
  });
});

import { expect } from "chai";
import { DAY, ethers, HOLD, networkHelpers } from "../grid.ts";
import { fieldsOf } from "../licenses/support.ts";
import {
  COIN,
  earnHealth,
  HEALTH_COINS,
  halfSoldFixture,
  lotFixture,
  OTHER_RESERVE,
  RESERVE,
  saleFixture,
  soldOutFixture,
  stockFixture,
  TRAINING_COINS,
} from "./sale.ts";
import { HEALTH, TRAINING } from "./support.ts";

describe("CoinSale", () => {
  describe("constructor", () => {
    it("when the champions have no Commons, reverts", async () => {
      const { sale, coin, governance } = await networkHelpers.loadFixture(saleFixture);
      const champions = await ethers.deployContract("ChampionRegistry", [governance, governance]);
      await expect(ethers.deployContract("CoinSale", [coin, champions, governance]))
        .to.be.revertedWithCustomError(sale, "CommonsNotContract")
        .withArgs(governance.address);
    });

    it("when deployed, its deployer is the mine, and it delegates to itself", async () => {
      const { coin, champions, commons, governance, stranger } =
        await networkHelpers.loadFixture(saleFixture);
      const sale = await ethers.deployContract("CoinSale", [coin, champions, stranger], governance);
      expect([
        await sale.MINE(),
        await sale.COIN(),
        await sale.CHAMPIONS(),
        await sale.COMMONS(),
      ]).to.deep.equal([
        governance.address,
        await coin.getAddress(),
        await champions.getAddress(),
        await commons.getAddress(),
      ]);
      expect([await sale.LOT_DURATION(), await sale.MAX_ROUNDS(), await sale.COIN_UNIT()]).to.deep.equal([
        DAY,
        2n,
        COIN,
      ]);
      const role = await sale.DEFAULT_ADMIN_ROLE();
      expect([await sale.hasRole(role, stranger), await sale.hasRole(role, governance)]).to.deep.equal([
        true,
        false,
      ]);
      expect(await coin.delegates(sale)).to.equal(await sale.getAddress());
      expect(await sale.lastLotId()).to.equal(0n);
    });
  });

  describe("stock", () => {
    it("when the caller is not the mine, reverts", async () => {
      const { sale, governance, operator, stranger } = await networkHelpers.loadFixture(saleFixture);
      for (const caller of [governance, operator, stranger]) {
        await expect(sale.connect(caller).stock(1n, 1n, 1n))
          .to.be.revertedWithCustomError(sale, "CallerNotMine")
          .withArgs(caller.address);
      }
    });

    it("when the mine mints, adds to the champion's stock", async () => {
      const { sale, mine, source, coin } = await networkHelpers.loadFixture(saleFixture);
      await networkHelpers.time.increase(DAY);
      await mine.connect(source).report(1n, HEALTH, 1_000n);
      await mine.connect(source).report(1n, TRAINING, 500n);
      await networkHelpers.time.increase(DAY + HOLD);
      await mine.close(2n);
      const minted = mine.mint(2n, HEALTH, 1n);
      await expect(minted).to.emit(sale, "Stocked").withArgs(1n, 2n, HEALTH_COINS);
      await mine.mint(2n, TRAINING, 1n);
      const all = HEALTH_COINS + TRAINING_COINS;
      expect(await sale.stockOf(1n)).to.deep.equal([all, all]);
      expect(await sale.minedIn(1n, 2n)).to.equal(all);
      expect(await coin.balanceOf(sale)).to.equal(all);
      expect(await coin.getVotes(sale)).to.equal(all);
      expect(await sale.stockOf(2n)).to.deep.equal([0n, 0n]);
    });

    it("when sectors are minted one by one, adds them up per round", async () => {
      const { sale, stock } = await networkHelpers.loadFixture(stockFixture);
      await stock(1n, 9n, 3n * COIN);
      await stock(1n, 7n, 5n * COIN);
      await stock(1n, 9n, 4n * COIN);
      await stock(1n, 8n, 6n * COIN);
      await stock(2n, 9n, 90n * COIN);
      expect(await sale.stockOf(1n)).to.deep.equal([18n * COIN, 7n * COIN]);
      expect([await sale.minedIn(1n, 9n), await sale.minedIn(1n, 7n)]).to.deep.equal([7n * COIN, 5n * COIN]);
    });
  });

  describe("open", () => {
    it("when the champion's last lot is not over, reverts until its last second", async () => {
      const { sale, closesAt, stock } = await networkHelpers.loadFixture(lotFixture);
      await stock(1n, 3n, COIN);
      for (const time of [closesAt - 2n, closesAt - 1n]) {
        await networkHelpers.time.setNextBlockTimestamp(time);
        await expect(sale.open(1n))
          .to.be.revertedWithCustomError(sale, "LotStillOpen")
          .withArgs(1n, closesAt);
      }
      await networkHelpers.time.setNextBlockTimestamp(closesAt);
      await sale.open(1n);
      expect((await sale.lotOf(2n)).closesAt).to.equal(closesAt + DAY);
    });

    it("when the stock is below a coin, reverts and restocks nothing", async () => {
      const { sale, stock } = await networkHelpers.loadFixture(stockFixture);
      for (const [championId, coins] of [
        [1n, 0n],
        [3n, 0n],
      ] as const) {
        await expect(sale.open(championId))
          .to.be.revertedWithCustomError(sale, "StockBelowCoin")
          .withArgs(championId, coins);
      }
      await stock(1n, 1n, COIN - 1n);
      await expect(sale.open(1n))
        .to.be.revertedWithCustomError(sale, "StockBelowCoin")
        .withArgs(1n, COIN - 1n);
      await stock(1n, 2n, 1n);
      await sale.open(1n);
      expect((await sale.lotOf(1n)).coins).to.equal(COIN);
    });

    it("when all was sold and nothing new was mined, reverts", async () => {
      const { sale } = await networkHelpers.loadFixture(soldOutFixture);
      await expect(sale.open(1n)).to.be.revertedWithCustomError(sale, "StockBelowCoin").withArgs(1n, 0n);
    });

    it("when no currency is set, reverts", async () => {
      const { champions, governance, coin } = await networkHelpers.loadFixture(saleFixture);
      const sale = await ethers.deployContract("CoinSale", [coin, champions, governance]);
      await sale.stock(1n, 1n, COIN);
      await expect(sale.open(1n)).to.be.revertedWithCustomError(sale, "StandardCurrencyUnset");
    });

    it("when anyone calls, sells coins for a day, at fixed currency, reserve and programme", async () => {
      const { sale, usd, stranger, ...fixture } = await networkHelpers.loadFixture(stockFixture);
      await networkHelpers.time.increase(DAY);
      await earnHealth(fixture);
      const now = BigInt(await networkHelpers.time.latest()) + 1n;
      await networkHelpers.time.setNextBlockTimestamp(now);
      expect(await sale.open.staticCall(1n)).to.equal(1n);
      await expect(sale.connect(stranger).open(1n))
        .to.emit(sale, "LotOpened")
        .withArgs(1n, 1n, await usd.getAddress(), 1n, HEALTH_COINS, RESERVE, now + DAY);
      expect(fieldsOf(await sale.lotOf(1n))).to.deep.equal({
        currency: await usd.getAddress(),
        closesAt: now + DAY,
        championId: 1n,
        reserve: RESERVE,
        total: 0n,
        coins: HEALTH_COINS,
        programmeId: 1n,
      });
      expect([await sale.lastLotId(), await sale.lastLotOf(1n), await sale.lastLotOf(2n)]).to.deep.equal([
        1n,
        1n,
        0n,
      ]);
      expect(await sale.stockOf(1n)).to.deep.equal([0n, HEALTH_COINS]);
    });

    it("when the stock exceeds twice the best round, sells twice the best round a day", async () => {
      const { sale, stock } = await networkHelpers.loadFixture(stockFixture);
      for (let round = 1n; round <= 5n; round += 1n)
        await stock(1n, round, round === 3n ? 30n * COIN : 20n * COIN);
      const sizes: bigint[] = [];
      for (let lotId = 1n; lotId <= 2n; lotId += 1n) {
        await sale.open(1n);
        sizes.push((await sale.lotOf(lotId)).coins);
        await networkHelpers.time.increase(DAY);
      }
      expect(sizes).to.deep.equal([60n * COIN, 60n * COIN]);
      expect((await sale.stockOf(1n)).coins).to.equal(50n * COIN);
    });

    it("when rounds are below half a coin, sells one coin at a time", async () => {
      const { sale, stock } = await networkHelpers.loadFixture(stockFixture);
      for (let round = 1n; round <= 12n; round += 1n) await stock(1n, round, COIN / 10n);
      await sale.open(1n);
      expect((await sale.lotOf(1n)).coins).to.equal(COIN);
      expect((await sale.stockOf(1n)).coins).to.equal(COIN / 5n);
    });

    it("when two champions have coins, each has its own lot and programme", async () => {
      const { sale, stock } = await networkHelpers.loadFixture(lotFixture);
      await stock(2n, 2n, 7n * COIN);
      await sale.open(2n);
      const { championId, programmeId, coins } = await sale.lotOf(2n);
      expect([championId, programmeId, coins]).to.deep.equal([2n, 2n, 7n * COIN]);
      expect([await sale.lastLotOf(1n), await sale.lastLotOf(2n)]).to.deep.equal([1n, 2n]);
    });

    it("when the last lot did not sell all, sells the rest again, once", async () => {
      const { sale, stock } = await networkHelpers.loadFixture(halfSoldFixture);
      const unsold = (5n * HEALTH_COINS) / 8n;
      await stock(1n, 3n, 10n * COIN);
      expect((await sale.stockOf(1n)).coins).to.equal(10n * COIN);
      const opened = sale.open(1n);
      await expect(opened).to.emit(sale, "Restocked").withArgs(1n, 1n, unsold);
      expect((await sale.lotOf(2n)).coins).to.equal(unsold + 10n * COIN);
      await networkHelpers.time.increase(DAY);
      await expect(sale.open(1n))
        .to.emit(sale, "Restocked")
        .withArgs(1n, 2n, unsold + 10n * COIN);
      expect((await sale.lotOf(1n)).coins).to.equal(HEALTH_COINS);
    });

    it("when the last lot sold all, restocks nothing", async () => {
      const { sale, stock } = await networkHelpers.loadFixture(soldOutFixture);
      await stock(1n, 3n, COIN);
      await expect(sale.open(1n)).not.to.emit(sale, "Restocked");
    });

    it("when the champion is restricted or retired, still sells its coins", async () => {
      const { sale, champions, governance, stock } = await networkHelpers.loadFixture(stockFixture);
      await stock(1n, 1n, 2n * COIN);
      await stock(2n, 1n, 3n * COIN);
      await champions.restrict(1n);
      await champions.connect(governance).retire(2n);
      await sale.open(1n);
      await sale.open(2n);
      await champions.setProgramme(2n, 1n);
      expect([(await sale.lotOf(1n)).coins, (await sale.lotOf(2n)).coins]).to.deep.equal([
        2n * COIN,
        3n * COIN,
      ]);
      expect((await sale.lotOf(2n)).programmeId).to.equal(2n);
      await networkHelpers.time.increase(DAY);
      await sale.open(2n);
      expect((await sale.lotOf(3n)).programmeId).to.equal(1n);
    });

    it("when the operator prefers an accepted currency, sells for it, otherwise for the default", async () => {
      const { sale, usd, other, operator, stock } = await networkHelpers.loadFixture(stockFixture);
      await stock(1n, 1n, 2n * COIN);
      await sale.connect(operator).preferCurrency(1n, other);
      await sale.open(1n);
      await sale.setCurrency(other, 0n);
      await networkHelpers.time.increase(DAY);
      await sale.open(1n);
      await sale.setCurrency(other, 5n);
      await networkHelpers.time.increase(DAY);
      await sale.open(1n);
      const lots = await Promise.all([1n, 2n, 3n].map((lotId) => sale.lotOf(lotId)));
      expect(lots.map(({ currency, reserve }) => [currency, reserve])).to.deep.equal([
        [await other.getAddress(), OTHER_RESERVE],
        [await usd.getAddress(), RESERVE],
        [await other.getAddress(), 5n],
      ]);
    });
  });

  describe("lotOf, soldOf and coinsOf", () => {
    it("when the lot does not exist, revert", async () => {
      const { sale, alice } = await networkHelpers.loadFixture(lotFixture);
      for (const lotId of [0n, 2n]) {
        for (const read of [
          () => sale.lotOf(lotId),
          () => sale.soldOf(lotId),
          () => sale.coinsOf(lotId, alice),
        ]) {
          await expect(read()).to.be.revertedWithCustomError(sale, "LotNonexistent").withArgs(lotId);
        }
      }
    });
  });

  describe("roles", () => {
    it("when somebody renounces for somebody else, reverts", async () => {
      const { sale, governance, stranger } = await networkHelpers.loadFixture(saleFixture);
      const role = await sale.DEFAULT_ADMIN_ROLE();
      await expect(sale.connect(stranger).renounceRole(role, governance)).to.be.revertedWithCustomError(
        sale,
        "AccessControlBadConfirmation",
      );
      expect(await sale.hasRole(role, governance)).to.equal(true);
    });

    it("when governance hands its role on, its successor has it", async () => {
      const { sale, governance, stranger } = await networkHelpers.loadFixture(saleFixture);
      const admin = await sale.DEFAULT_ADMIN_ROLE();
      expect(await sale.getRoleAdmin(admin)).to.equal(admin);
      await sale.grantRole(admin, stranger);
      await sale.connect(stranger).revokeRole(admin, governance);
      expect(await sale.hasRole(admin, governance)).to.equal(false);
      expect(await sale.hasRole(admin, stranger)).to.equal(true);
    });

    it("when it is asked for interfaces, knows ERC-165 and access control only", async () => {
      const { sale } = await networkHelpers.loadFixture(saleFixture);
      for (const id of ["0x01ffc9a7", "0x7965db0b"]) {
        expect(await sale.supportsInterface(id), id).to.equal(true);
      }
      expect(await sale.supportsInterface("0xffffffff")).to.equal(false);
    });
  });
});

import { expect } from "chai";
import { DAY, ethers, networkHelpers } from "../grid.ts";
import {
  advanceOf,
  CAP,
  closedFixture,
  earned,
  FIRST,
  HEALTH,
  HEALTH_PARAMS,
  HEIGHT,
  IDLE,
  mineFixture,
  STOPPER_ROLE,
  TOTAL,
  TRAINING,
} from "./support.ts";

describe("BenefitMine", () => {
  describe("constructor", () => {
    it("when the champions are not a contract, reverts", async () => {
      const { mine, admin, stranger } = await networkHelpers.loadFixture(mineFixture);
      for (const champions of [ethers.ZeroAddress, stranger.address]) {
        await expect(ethers.deployContract("BenefitMine", [champions, admin]))
          .to.be.revertedWithCustomError(mine, "ChampionsNotContract")
          .withArgs(champions);
      }
    });

    it("when the admin is zero, reverts", async () => {
      const { mine, champions } = await networkHelpers.loadFixture(mineFixture);
      await expect(
        ethers.deployContract("BenefitMine", [champions, ethers.ZeroAddress]),
      ).to.be.revertedWithCustomError(mine, "MineAdminZero");
    });

    it("when deployed, has its own coin, as only minter, and its own sale", async () => {
      const { mine, coin, champions, sale, admin } = await networkHelpers.loadFixture(mineFixture);
      expect(await mine.COIN()).to.equal(await coin.getAddress());
      expect(await mine.SALE()).to.equal(sale.address);
      expect(await coin.MINTER()).to.equal(await mine.getAddress());
      expect(await mine.CHAMPIONS()).to.equal(await champions.getAddress());
      const [deployed, role] = [
        await ethers.getContractAt("CoinSale", sale),
        await mine.DEFAULT_ADMIN_ROLE(),
      ];
      expect([
        await deployed.MINE(),
        await deployed.COIN(),
        await deployed.CHAMPIONS(),
        await deployed.hasRole(role, admin),
        await coin.delegates(sale),
      ]).to.deep.equal([
        await mine.getAddress(),
        await coin.getAddress(),
        await champions.getAddress(),
        true,
        sale.address,
      ]);
      expect([
        await mine.ROUND(),
        await mine.HOLD(),
        await mine.HEIGHTS(),
        await mine.MAX_SECTORS(),
        await mine.MAX_STOPS(),
        await mine.STOPPER_ROLE(),
      ]).to.deep.equal([DAY, 3n * DAY, 144n, 32n, 32n, STOPPER_ROLE]);
    });

    it("when deployed, only the admin has the admin role", async () => {
      const { mine, admin, stranger } = await networkHelpers.loadFixture(mineFixture);
      const role = await mine.DEFAULT_ADMIN_ROLE();
      expect(await mine.hasRole(role, admin)).to.equal(true);
      expect(await mine.hasRole(role, stranger)).to.equal(false);
      await mine.grantRole(role, stranger);
      await expect(mine.renounceRole(role, stranger)).to.be.revertedWithCustomError(
        mine,
        "AccessControlBadConfirmation",
      );
    });
  });

  describe("currentRound", () => {
    it("when a day is over, increases by one, from 1", async () => {
      const champions = await ethers.deployContract("TestChampions");
      const mine = await ethers.deployContract("BenefitMine", [champions, champions]);
      const start = await mine.START();
      for (const [time, round] of [
        [0n, 1n],
        [DAY - 1n, 1n],
        [DAY, 2n],
        [2n * DAY - 1n, 2n],
        [1_000n * DAY, 1_001n],
      ] as const) {
        if (time > 0n) await networkHelpers.time.increaseTo(start + time);
        expect(await mine.currentRound()).to.equal(round);
      }
    });
  });

  describe("report", () => {
    it("when the caller is not a source, reverts", async () => {
      const { mine, stranger, admin } = await networkHelpers.loadFixture(mineFixture);
      for (const caller of [stranger, admin]) {
        await expect(mine.connect(caller).report(1n, HEALTH, 1n))
          .to.be.revertedWithCustomError(mine, "CallerNotSource")
          .withArgs(caller.address);
      }
    });

    it("when the source was removed, reverts", async () => {
      const { mine, source, report } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 1n);
      await mine.removeSource(source);
      await expect(report(1n, HEALTH, 1n))
        .to.be.revertedWithCustomError(mine, "CallerNotSource")
        .withArgs(source.address);
    });

    it("when the sector has no weight, reverts", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await expect(report(1n, IDLE, 1n))
        .to.be.revertedWithCustomError(mine, "SectorWithoutWeight")
        .withArgs(IDLE, 2n);
      await mine.setSector(HEALTH, { weight: 0n, target: 0n, allowance: 2n });
      await goTo(3n);
      await expect(report(1n, HEALTH, 1n))
        .to.be.revertedWithCustomError(mine, "SectorWithoutWeight")
        .withArgs(HEALTH, 3n);
    });

    it("when the champion is not rewarded in the sector, reverts", async () => {
      const { mine, report, champions } = await networkHelpers.loadFixture(mineFixture);
      await champions.setRewarded(1n, HEALTH, false);
      await expect(report(1n, HEALTH, 1n))
        .to.be.revertedWithCustomError(mine, "ReportChampionNotRewarded")
        .withArgs(1n, HEALTH);
      await report(1n, TRAINING, 1n);
      await report(2n, HEALTH, 1n);
    });

    it("when the source exceeds its cap in the round and sector, reverts", async () => {
      const { mine, report, source, other, champions, goTo } = await networkHelpers.loadFixture(mineFixture);
      await champions.setPopulation(1n, 10_000n);
      await report(1n, HEALTH, CAP - 1n);
      for (const championId of [1n, 2n]) {
        await expect(report(championId, HEALTH, 2n))
          .to.be.revertedWithCustomError(mine, "ReportExceedsCap")
          .withArgs(source.address, HEALTH, 2n, 1n);
      }
      await report(1n, HEALTH, 1n);
      expect(await mine.reportedBy(source, HEALTH)).to.equal(CAP);
      await report(1n, TRAINING, CAP);
      await mine.admitSource(other, 1n);
      await mine.connect(other).report(1n, HEALTH, 1n);
      await goTo(3n);
      expect(await mine.reportedBy(source, HEALTH)).to.equal(0n);
      await report(1n, HEALTH, CAP);
    });

    it("when the champion exceeds allowance times population, by any sources, reverts", async () => {
      const { mine, report, other, goTo } = await networkHelpers.loadFixture(mineFixture);
      await mine.admitSource(other, CAP);
      await report(2n, HEALTH, 700n);
      await expect(mine.connect(other).report(2n, HEALTH, 301n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsAllowance")
        .withArgs(2n, HEALTH, 301n, 300n);
      await mine.connect(other).report(2n, HEALTH, 300n);
      await report(1n, HEALTH, 2_000n);
      await report(2n, TRAINING, 1_000n);
      await goTo(3n);
      await report(2n, HEALTH, 1_000n);
    });

    it("when the population falls below the credits, reverts and keeps earlier credits", async () => {
      const { mine, report, champions } = await networkHelpers.loadFixture(mineFixture);
      await report(2n, HEALTH, 700n);
      await champions.setPopulation(2n, 100n);
      await expect(report(2n, HEALTH, 1n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsAllowance")
        .withArgs(2n, HEALTH, 1n, 0n);
      expect(await mine.sectorEarningOf(2n, HEALTH)).to.deep.equal([700n, 0n]);
    });

    it("when cap, allowance and population are at their maximum, credits all of the cap", async () => {
      const { mine, champions, other, goTo } = await networkHelpers.loadFixture(mineFixture);
      const [most, cap, people] = [2n ** 64n - 1n, 2n ** 88n - 1n, 2n ** 23n];
      await champions.setPopulation(1n, people);
      await champions.setPopulation(2n, most);
      await mine.admitSource(other, cap);
      await mine.setSector(HEALTH, { weight: 2n ** 32n - 1n, target: 2n ** 112n - 1n, allowance: most });
      await goTo(3n);
      const product = most * people;
      await expect(mine.connect(other).report(1n, HEALTH, product + 1n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsAllowance")
        .withArgs(1n, HEALTH, product + 1n, product);
      await mine.connect(other).report(1n, HEALTH, product);
      await mine.connect(other).report(2n, HEALTH, cap - product);
      await goTo(7n);
      await mine.close(3n);
      const { amount } = await mine.sectorEarningOf(3n, HEALTH);
      expect(amount).to.equal((FIRST * (2n ** 32n - 1n) * cap) / (2n ** 32n * (2n ** 112n - 1n)));
      expect(await mine.sectorEarningOf(3n, HEALTH)).to.deep.equal([cap, amount]);
      expect(await mine.earningOf(3n, HEALTH, 1n)).to.deep.equal([
        product,
        product,
        (amount * product) / cap,
        false,
      ]);
    });

    it("when within all limits, credits the champion in the current round", async () => {
      const { mine, report, source } = await networkHelpers.loadFixture(mineFixture);
      await expect(report(1n, HEALTH, 600n))
        .to.emit(mine, "BenefitReported")
        .withArgs(2n, HEALTH, 1n, source.address, 600n, 600n);
      await report(1n, HEALTH, 11n);
      await report(2n, HEALTH, 7n);
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal([611n, 611n, 0n, false]);
      expect(await mine.earningOf(2n, HEALTH, 2n)).to.deep.equal([7n, 7n, 0n, false]);
      expect(await mine.earningOf(2n, TRAINING, 2n)).to.deep.equal([0n, 0n, 0n, false]);
      expect(await mine.sectorEarningOf(2n, HEALTH)).to.deep.equal([618n, 0n]);
      expect(await mine.roundCount()).to.equal(1n);
    });
  });

  describe("close", () => {
    it("when no round has benefit, reverts", async () => {
      const { mine, goTo } = await networkHelpers.loadFixture(mineFixture);
      await goTo(9n);
      for (const round of [0n, 1n, 2n, 9n]) {
        await expect(mine.close(round))
          .to.be.revertedWithCustomError(mine, "RoundNotNext")
          .withArgs(round, 0n);
      }
    });

    it("when the round is not the first open one with benefit, reverts", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 1n);
      await goTo(4n);
      await report(1n, HEALTH, 1n);
      await goTo(9n);
      for (const round of [0n, 1n, 3n, 4n, 9n]) {
        await expect(mine.close(round))
          .to.be.revertedWithCustomError(mine, "RoundNotNext")
          .withArgs(round, 2n);
      }
      await mine.close(2n);
      for (const round of [2n, 3n, 5n]) {
        await expect(mine.close(round))
          .to.be.revertedWithCustomError(mine, "RoundNotNext")
          .withArgs(round, 4n);
      }
      await mine.close(4n);
      await expect(mine.close(4n)).to.be.revertedWithCustomError(mine, "RoundNotNext").withArgs(4n, 0n);
    });

    it("when the round or its hold is not over, reverts", async () => {
      const { mine, report, startOf, goTo } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 1n);
      const refuse = async () =>
        await expect(mine.close(2n))
          .to.be.revertedWithCustomError(mine, "RoundOnHold")
          .withArgs(2n, startOf(6n));
      await refuse();
      await goTo(3n);
      await refuse();
      await networkHelpers.time.setNextBlockTimestamp(startOf(6n) - 1n);
      await refuse();
      await networkHelpers.time.increaseTo(startOf(6n) - 1n);
      await mine.close(2n);
      expect(await mine.closedCount()).to.equal(1n);
    });

    it("when anyone calls, mines heights in proportion to benefit, and divides all of their coins", async () => {
      const { mine, report, stranger, goTo, coin } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 600n);
      await report(2n, HEALTH, 150n);
      await report(2n, TRAINING, 333n);
      await goTo(6n);
      const heights = (144n * ((HEIGHT * 9n) / 4n + (HEIGHT * 333n) / 500n)) / 4n;
      const mined = (heights * 50n * 10n ** 8n) / HEIGHT;
      // Rounded down: 405,000,000,000 and 119,880,000,000 are less than a base unit above.
      const [health, training] = [404_999_999_999n, 119_880_000_000n];
      expect(health + training).to.equal(mined);
      const closed = mine.connect(stranger).close(2n);
      await expect(closed).to.emit(mine, "SectorEarned").withArgs(2n, HEALTH, 750n, health);
      await expect(closed).to.emit(mine, "SectorEarned").withArgs(2n, TRAINING, 333n, training);
      await expect(closed).to.emit(mine, "RoundClosed").withArgs(2n, 0n, heights, mined);
      expect(await mine.sectorEarningOf(2n, HEALTH)).to.deep.equal([750n, health]);
      expect([await mine.height(), await mine.lastClosedRound(), await mine.closedCount()]).to.deep.equal([
        heights,
        2n,
        1n,
      ]);
      expect(await mine.nextRound()).to.equal(0n);
      expect(await coin.totalSupply()).to.equal(0n);
    });

    it("when benefit exceeds the target, the sector earns its weight's share only", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 1_001n);
      await report(1n, TRAINING, 500n);
      await goTo(6n);
      await mine.close(2n);
      expect(await mine.sectorEarningOf(2n, HEALTH)).to.deep.equal([1_001n, (3n * FIRST) / 4n]);
      expect(await mine.sectorEarningOf(2n, TRAINING)).to.deep.equal([500n, FIRST / 4n]);
    });

    it("when a sector has no benefit, its heights are left to later rounds", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 1_000n);
      await goTo(6n);
      const mined = (3n * FIRST) / 4n;
      await expect(mine.close(2n))
        .to.emit(mine, "RoundClosed")
        .withArgs(2n, 0n, 108n * HEIGHT, mined);
      expect(await mine.sectorEarningOf(2n, HEALTH)).to.deep.equal([1_000n, (3n * FIRST) / 4n]);
      expect(await mine.sectorEarningOf(2n, TRAINING)).to.deep.equal([0n, 0n]);
    });

    it("when rounds pass without benefit, mines no height", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 1n);
      await goTo(400n);
      await report(1n, HEALTH, 1n);
      await goTo(404n);
      await mine.close(2n);
      const heights = advanceOf(HEALTH_PARAMS, 4n, 1n);
      const amount = (2n * heights * 50n * 10n ** 8n) / HEIGHT - earned(FIRST, HEALTH_PARAMS, 4n, 1n);
      await expect(mine.close(400n))
        .to.emit(mine, "RoundClosed")
        .withArgs(400n, heights, 2n * heights, amount);
      expect(await mine.height()).to.equal(2n * heights);
    });

    it("when benefit is too small for a height's smallest part, nothing is mined or divided", async () => {
      const { mine, report, coin, goTo } = await networkHelpers.loadFixture(mineFixture);
      await mine.setSector(HEALTH, { ...HEALTH_PARAMS, target: 2n ** 112n - 1n });
      await goTo(3n);
      await report(1n, HEALTH, 1n);
      await goTo(7n);
      await expect(mine.close(3n)).to.emit(mine, "RoundClosed").withArgs(3n, 0n, 0n, 0n);
      expect(await mine.sectorEarningOf(3n, HEALTH)).to.deep.equal([1n, 0n]);
      await mine.mint(3n, HEALTH, 1n);
      expect(await coin.totalSupply()).to.equal(0n);
    });

    it("when closed a year later, uses the round's own parameters", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 600n);
      for (let round = 3n; round < 40n; round += 1n) {
        await mine.setSector(HEALTH, { weight: round, target: round, allowance: 1n });
        await mine.setSector(100n + (round % 20n), { weight: 1_000n, target: 1n, allowance: 1n });
        await goTo(round);
      }
      await goTo(367n);
      await mine.close(2n);
      expect((await mine.sectorEarningOf(2n, HEALTH)).amount).to.equal(
        earned(FIRST, HEALTH_PARAMS, 4n, 600n),
      );
      expect(await mine.sectorAt(HEALTH, 20n)).to.deep.equal([20n, 20n, 1n]);
    });
  });

  describe("mint", () => {
    it("when the round is not closed, reverts", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(closedFixture);
      await report(1n, HEALTH, 5n);
      for (const later of [7n, 10n]) {
        await expect(mine.mint(6n, HEALTH, 1n))
          .to.be.revertedWithCustomError(mine, "RoundNotClosed")
          .withArgs(6n);
        await goTo(later);
      }
      await expect(mine.mint(6n, HEALTH, 1n))
        .to.be.revertedWithCustomError(mine, "RoundNotClosed")
        .withArgs(6n);
    });

    it("when the champion has no benefit in round and sector, reverts", async () => {
      const { mine } = await networkHelpers.loadFixture(closedFixture);
      for (const [round, sector, championId] of [
        [2n, TRAINING, 1n],
        [2n, HEALTH, 3n],
        [2n, IDLE, 1n],
        [1n, HEALTH, 1n],
        [0n, HEALTH, 1n],
      ] as const) {
        await expect(mine.mint(round, sector, championId))
          .to.be.revertedWithCustomError(mine, "BenefitNonexistent")
          .withArgs(round, sector, championId);
      }
    });

    it("when already minted, reverts", async () => {
      const { mine } = await networkHelpers.loadFixture(closedFixture);
      await mine.mint(2n, HEALTH, 1n);
      await expect(mine.mint(2n, HEALTH, 1n))
        .to.be.revertedWithCustomError(mine, "BenefitAlreadyMinted")
        .withArgs(2n, HEALTH, 1n);
    });

    it("when anyone calls, mints the champion's share to the sale", async () => {
      const { mine, coin, sale, stranger } = await networkHelpers.loadFixture(closedFixture);
      const amount = (3n * FIRST * 6n) / 40n;
      const minted = mine.connect(stranger).mint(2n, HEALTH, 1n);
      await expect(minted).to.emit(mine, "BenefitMinted").withArgs(2n, HEALTH, 1n, amount);
      await expect(minted).to.emit(coin, "Transfer").withArgs(ethers.ZeroAddress, sale.address, amount);
      await expect(minted).to.changeTokenBalances(ethers, coin, [sale, stranger], [amount, 0n]);
      const stocking = await ethers.getContractAt("CoinSale", sale);
      await expect(minted).to.emit(stocking, "Stocked").withArgs(1n, 2n, amount);
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal([600n, 600n, amount, true]);
    });

    it("when shares are not whole numbers, rounds each down, within the sector's earnings", async () => {
      const { mine, coin, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 1n);
      await report(2n, HEALTH, 2n);
      await mine.setSector(HEALTH, { ...HEALTH_PARAMS, target: 13n });
      await goTo(3n);
      await report(1n, HEALTH, 1n);
      await report(2n, HEALTH, 2n);
      await goTo(7n);
      await mine.close(2n);
      await mine.close(3n);
      const { amount } = await mine.sectorEarningOf(3n, HEALTH);
      expect(amount).to.equal(124_615_384_616n);
      for (const championId of [1n, 2n]) await mine.mint(3n, HEALTH, championId);
      expect(await coin.totalSupply()).to.equal(amount / 3n + (2n * amount) / 3n);
      expect(await coin.totalSupply()).to.equal(amount - 1n);
    });

    it("when a champion is restricted after its credit, still mints its earnings", async () => {
      const { mine, coin, champions } = await networkHelpers.loadFixture(closedFixture);
      await champions.setRewarded(1n, HEALTH, false);
      await champions.setPopulation(1n, 0n);
      await mine.mint(2n, HEALTH, 1n);
      expect(await coin.totalSupply()).to.equal((3n * FIRST * 6n) / 40n);
    });

    it("when a share is too small for a base unit, mints nothing, once", async () => {
      const { mine, coin, report, champions, other, goTo } = await networkHelpers.loadFixture(mineFixture);
      await mine.admitSource(other, 2n ** 60n);
      await champions.setPopulation(1n, 2n ** 60n);
      await mine.connect(other).report(1n, HEALTH, 2n ** 60n);
      await report(2n, HEALTH, 1n);
      await goTo(6n);
      await mine.close(2n);
      await expect(mine.mint(2n, HEALTH, 2n))
        .to.emit(mine, "BenefitMinted")
        .withArgs(2n, HEALTH, 2n, 0n);
      await expect(mine.mint(2n, HEALTH, 2n)).to.be.revertedWithCustomError(mine, "BenefitAlreadyMinted");
      await mine.mint(2n, HEALTH, 1n);
      expect(await coin.totalSupply()).to.equal((3n * FIRST) / 4n - 1n);
    });

    it("when every share is minted, supply equals the sectors' earnings, far below the schedule", async () => {
      const { mine, coin } = await networkHelpers.loadFixture(closedFixture);
      await mine.mint(2n, HEALTH, 1n);
      await mine.mint(2n, HEALTH, 2n);
      await mine.mint(2n, TRAINING, 2n);
      expect(await coin.totalSupply()).to.equal((3n * FIRST) / 4n + FIRST / 8n);
      expect(await coin.totalSupply()).to.be.below(TOTAL);
    });
  });

  describe("roles", () => {
    it("when governance hands its role on, its successor has it", async () => {
      const { mine, admin: first, stranger } = await networkHelpers.loadFixture(mineFixture);
      const admin = await mine.DEFAULT_ADMIN_ROLE();
      expect(await mine.getRoleAdmin(admin)).to.equal(admin);
      await mine.grantRole(admin, stranger);
      await mine.connect(stranger).revokeRole(admin, first);
      expect(await mine.hasRole(admin, first)).to.equal(false);
      expect(await mine.hasRole(admin, stranger)).to.equal(true);
    });

    it("when it is asked for interfaces, knows ERC-165 and access control only", async () => {
      const { mine } = await networkHelpers.loadFixture(mineFixture);
      for (const id of ["0x01ffc9a7", "0x7965db0b"]) {
        expect(await mine.supportsInterface(id), id).to.equal(true);
      }
      expect(await mine.supportsInterface("0xffffffff")).to.equal(false);
    });
  });
});

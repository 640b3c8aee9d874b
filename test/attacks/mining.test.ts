import { expect } from "chai";
import { saleFixture } from "../coin/sale.ts";
import {
  CAP,
  closedFixture,
  earned,
  FIRST,
  HEALTH,
  HEALTH_PARAMS,
  HEIGHT,
  IDLE,
  mineFixture,
  TRAINING,
} from "../coin/support.ts";
import { DELAY, SETTINGS } from "../governance/support.ts";
import { DAY, ethers, HOLD, networkHelpers } from "../grid.ts";

describe("attacks on the mine", () => {
  describe("by a readmitted source", () => {
    it("when removal resets its reports, a source reports its cap after each admission", async () => {
      const [, source] = await ethers.getSigners();
      if (!source) throw new Error("No second account.");
      const twin = await ethers.deployContract("ForgetfulMine");
      for (let i = 0; i < 3; i += 1) {
        await twin.admitSource(source, CAP);
        await twin.connect(source).report(CAP);
        expect(await twin.reported(source)).to.equal(CAP);
        await twin.removeSource(source);
      }
    });

    it("with BenefitMine, a source has one cap per round", async () => {
      const { mine, source, champions, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await champions.setPopulation(1n, 2n ** 40n);
      await report(1n, HEALTH, CAP);
      await mine.removeSource(source);
      await mine.admitSource(source, CAP);
      await expect(report(1n, HEALTH, 1n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsCap")
        .withArgs(source.address, HEALTH, 1n, 0n);
      await goTo(3n);
      await report(1n, HEALTH, CAP);
      expect(await mine.sectorEarningOf(2n, HEALTH)).to.deep.equal([CAP, 0n]);
    });
  });

  describe("by a leaked source key", () => {
    /** A thief reports 900 of 1,000 units of each round, until the fifth, when the theft is known. */
    async function stolenFixture() {
      const fixture = await networkHelpers.loadFixture(mineFixture);
      const { mine, report, other, goTo } = fixture;
      await mine.admitSource(other, CAP);
      for (let round = 2n; round <= 6n; round += 1n) {
        if (round > 2n) await goTo(round);
        await report(2n, HEALTH, 900n);
        await mine.connect(other).report(1n, HEALTH, 100n);
      }
      return fixture;
    }

    const HONEST = earned(FIRST, HEALTH_PARAMS, 4n, 100n);

    it("when rounds close at once and a stop voids nothing, the thief keeps all", async () => {
      const [, source] = await ethers.getSigners();
      if (!source) throw new Error("No second account.");
      const twin = await ethers.deployContract("HastyMine");
      for (let round = 0n; round < 5n; round += 1n) {
        await twin.connect(source).report(900n);
        await twin.report(100n);
        await twin.close();
      }
      await twin.stop(source);
      expect(await twin.earned(source)).to.equal(5n * ((FIRST * 9n) / 10n));
    });

    it("with BenefitMine, the thief keeps the rounds whose hold is over, and the honest all of theirs", async () => {
      const { mine, source, coin, goTo } = await networkHelpers.loadFixture(stolenFixture);
      await mine.stopSource(source);
      await goTo(10n);
      for (let round = 2n; round <= 6n; round += 1n) {
        await mine.close(round);
        await mine.mint(round, HEALTH, 1n);
        const stolen = mine.mint(round, HEALTH, 2n);
        if (round === 2n) await stolen;
        else {
          await expect(stolen)
            .to.be.revertedWithCustomError(mine, "BenefitNonexistent")
            .withArgs(round, HEALTH, 2n);
        }
      }
      const loss = (await mine.earningOf(2n, HEALTH, 2n)).amount;
      expect(loss).to.equal((3n * FIRST * 9n) / 40n);
      // Each of the four rounds advanced by the honest units alone: rounding gains or loses one base unit at most.
      const honest = (await coin.totalSupply()) - loss - (3n * FIRST) / 40n;
      expect(honest - 4n * HONEST).to.be.within(-4n, 4n);
    });

    it("with BenefitMine, a round whose hold is over stays as it was, closed before or after the stop", async () => {
      const { mine, source, startOf, goTo } = await networkHelpers.loadFixture(stolenFixture);
      await networkHelpers.time.setNextBlockTimestamp(startOf(7n));
      await mine.stopSource(source);
      for (const round of [2n, 3n]) {
        expect(await mine.sectorEarningOf(round, HEALTH)).to.deep.equal([1_000n, 0n]);
      }
      for (const round of [4n, 5n, 6n]) {
        expect(await mine.sectorEarningOf(round, HEALTH)).to.deep.equal([100n, 0n]);
      }
      await goTo(10n);
      for (const round of [2n, 3n]) await mine.close(round);
      expect((await mine.earningOf(3n, HEALTH, 2n)).use).to.equal(900n);
    });

    it("with BenefitMine, after the guardian's end the thief keeps governance's delay less the hold, times cap", async () => {
      const { mine, source, champions, report, goTo, startOf } =
        await networkHelpers.loadFixture(mineFixture);
      await champions.setPopulation(2n, CAP);
      const delay = SETTINGS.votingDelay + SETTINGS.votingPeriod + DELAY;
      const proposedAt = startOf(3n); // a reaction of one day
      let round = 2n;
      for (; startOf(round) < proposedAt + delay; round += 1n) {
        if (round > 2n) await goTo(round);
        await report(2n, HEALTH, CAP);
      }
      await networkHelpers.time.setNextBlockTimestamp(proposedAt + delay);
      await mine.stopSource(source);
      let stolen = 0n;
      for (let i = 2n; i < round; i += 1n) stolen += (await mine.earningOf(i, HEALTH, 2n)).use;
      expect(stolen).to.equal(((DAY + delay - HOLD) / DAY) * CAP);
      expect(stolen).to.equal(8n * CAP);
    });

    it("with BenefitMine, neither resigning nor removal saves a thief's reports from a stop", async () => {
      for (const leave of ["resign", "removeSource"] as const) {
        const { mine, source } = await networkHelpers.loadFixture(stolenFixture);
        if (leave === "resign") await mine.connect(source).resign();
        else await mine.removeSource(source);
        expect(await mine.earningOf(6n, HEALTH, 2n)).to.deep.equal([900n, 900n, 0n, false]);
        await mine.stopSource(source);
        expect(await mine.earningOf(6n, HEALTH, 2n)).to.deep.equal([0n, 0n, 0n, false]);
        expect(await mine.sectorEarningOf(6n, HEALTH)).to.deep.equal([100n, 0n]);
      }
    });

    it("with BenefitMine, readmission revives nothing, and a second stop voids only later reports", async () => {
      const { mine, source, report, goTo } = await networkHelpers.loadFixture(stolenFixture);
      await mine.stopSource(source);
      await mine.admitSource(source, CAP);
      expect(await mine.earningOf(6n, HEALTH, 2n)).to.deep.equal([0n, 0n, 0n, false]);
      await report(2n, HEALTH, 40n);
      expect(await mine.earningOf(6n, HEALTH, 2n)).to.deep.equal([40n, 40n, 0n, false]);
      await goTo(7n);
      await mine.stopSource(source);
      expect(await mine.earningOf(6n, HEALTH, 2n)).to.deep.equal([0n, 0n, 0n, false]);
      expect(await mine.sectorEarningOf(6n, HEALTH)).to.deep.equal([100n, 0n]);
      expect(await mine.earningOf(3n, HEALTH, 2n)).to.deep.equal([0n, 0n, 0n, false]);
    });

    it("with BenefitMine, a stop frees the allowances that the thief used up", async () => {
      const { mine, source, other } = await networkHelpers.loadFixture(stolenFixture);
      const report = (units: bigint) => mine.connect(other).report(2n, HEALTH, units);
      await expect(report(101n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsAllowance")
        .withArgs(2n, HEALTH, 101n, 100n);
      await mine.stopSource(source);
      await report(600n);
      await expect(report(401n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsAllowance")
        .withArgs(2n, HEALTH, 401n, 400n);
      await report(400n);
      expect(await mine.earningOf(6n, HEALTH, 2n)).to.deep.equal([1_000n, 1_000n, 0n, false]);
    });
  });

  describe("by governance during or after a round", () => {
    it("when a round closes with later parameters, governance can change its earnings", async () => {
      const twin = await ethers.deployContract("LateMine");
      await twin.setTarget(1_000n);
      await twin.report(1n, 500n);
      await twin.report(2n, 500n);
      await twin.setTarget(500n);
      await twin.close(1n);
      await twin.setTarget(10n ** 18n);
      await twin.close(2n);
      expect([await twin.earned(1n), await twin.earned(2n)]).to.deep.equal([FIRST, 0n]);
    });

    it("with BenefitMine, a round keeps its initial weights, targets and allowances", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 500n);
      await mine.setSector(HEALTH, { weight: 4_000_000_000n, target: 1n, allowance: 1_000_000n });
      await mine.setSector(TRAINING, { weight: 0n, target: 0n, allowance: 0n });
      await mine.setSector(13n, { weight: 4_000_000_000n, target: 1n, allowance: 1n });
      await expect(report(1n, HEALTH, 1_501n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsAllowance")
        .withArgs(1n, HEALTH, 1_501n, 1_500n);
      await report(1n, TRAINING, 500n);
      await goTo(30n);
      await mine.close(2n);
      expect((await mine.sectorEarningOf(2n, HEALTH)).amount).to.equal(
        earned(FIRST, HEALTH_PARAMS, 4n, 500n),
      );
      expect((await mine.sectorEarningOf(2n, TRAINING)).amount).to.equal(FIRST / 4n);
    });
  });

  describe("by a sector of enormous weight without benefit", () => {
    const IDLE_WEIGHT = 2n ** 32n - 1n;

    it("when each round uses its heights up, one call burns the schedule", async () => {
      const twin = await ethers.deployContract("BurningMine");
      await twin.setIdleWeight(IDLE_WEIGHT);
      await twin.close();
      // Of 720,000,000,000 base units.
      expect([await twin.earned(), await twin.height()]).to.deep.equal([669n, 144n]);
    });

    it("with BenefitMine, it slows mining until it is reset, and burns nothing", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await mine.setSector(IDLE, { weight: IDLE_WEIGHT, target: 1n, allowance: 0n });
      await goTo(3n);
      for (const [championId, sector, units] of [
        [1n, HEALTH, 1_000n],
        [1n, TRAINING, 500n],
      ] as const)
        await report(championId, sector, units);
      await mine.setSector(IDLE, { weight: 0n, target: 0n, allowance: 0n });
      await goTo(4n);
      await report(1n, HEALTH, 1_000n);
      await report(1n, TRAINING, 500n);
      await goTo(8n);
      await mine.close(3n);
      const slow = (144n * 4n * HEIGHT) / (IDLE_WEIGHT + 4n);
      expect(await mine.height()).to.equal(slow);
      const earnings = async (round: bigint) =>
        (await mine.sectorEarningOf(round, HEALTH)).amount +
        (await mine.sectorEarningOf(round, TRAINING)).amount;
      expect(await earnings(3n)).to.equal(670n);
      await mine.close(4n);
      expect(await mine.height()).to.equal(slow + 144n * HEIGHT);
      expect(await earnings(4n)).to.equal(FIRST);
    });
  });

  describe("at a round's last second", () => {
    it("when that second belongs to both rounds, too many coins are minted", async () => {
      const twin = await ethers.deployContract("InclusiveMine");
      const end = await twin.END();
      await twin.report(1n, 1_000n);
      await ethers.provider.send("evm_setAutomine", [false]);
      const gas = { gasLimit: 200_000n };
      await twin.mint(1n, gas);
      await twin.report(2n, 999_000n, gas);
      await twin.mint(2n, gas);
      await networkHelpers.time.setNextBlockTimestamp(end);
      await networkHelpers.mine();
      await ethers.provider.send("evm_setAutomine", [true]);
      expect(await twin.supply()).to.equal(FIRST + (FIRST * 999n) / 1_000n);
    });

    it("with BenefitMine, each second belongs to one round, closed only after its hold", async () => {
      const { mine, report, startOf } = await networkHelpers.loadFixture(mineFixture);
      const end = startOf(3n);
      await networkHelpers.time.setNextBlockTimestamp(end - 2n);
      await report(1n, HEALTH, 1n);
      await networkHelpers.time.setNextBlockTimestamp(end - 1n);
      await ethers.provider.send("evm_setAutomine", [false]);
      const gas = { gasLimit: 500_000n };
      const last = await report(1n, HEALTH, 10n);
      await networkHelpers.mine();
      await networkHelpers.time.setNextBlockTimestamp(end);
      const first = await report(1n, HEALTH, 100n);
      const beside = await report(1n, HEALTH, 1_000n);
      await networkHelpers.mine();
      await networkHelpers.time.setNextBlockTimestamp(end + 1n);
      const later = await report(2n, HEALTH, 3n);
      await networkHelpers.mine();
      await networkHelpers.time.setNextBlockTimestamp(end + HOLD - 1n);
      const early = await mine.close(2n, gas);
      await networkHelpers.mine();
      await networkHelpers.time.setNextBlockTimestamp(end + HOLD);
      const close = await mine.close(2n, gas);
      await networkHelpers.mine();
      await ethers.provider.send("evm_setAutomine", [true]);

      const statuses = await Promise.all(
        [last, first, beside, later, early, close].map(
          async ({ hash }) => (await ethers.provider.getTransactionReceipt(hash))?.status,
        ),
      );
      expect(statuses).to.deep.equal([1, 1, 1, 1, 0, 1]);
      const amount = earned(FIRST, HEALTH_PARAMS, 4n, 11n);
      expect(await mine.sectorEarningOf(2n, HEALTH)).to.deep.equal([11n, amount]);
      expect(await mine.sectorEarningOf(3n, HEALTH)).to.deep.equal([1_103n, 0n]);
      await expect(mine.close(3n))
        .to.be.revertedWithCustomError(mine, "RoundOnHold")
        .withArgs(3n, end + DAY + HOLD);
    });
  });

  describe("by reporting for a retired champion", () => {
    it("when a mine checks admission only, a retired champion still earns", async () => {
      const { champions } = await networkHelpers.loadFixture(saleFixture);
      const twin = await ethers.deployContract("AdmittedMine", [champions]);
      await champions.retire(1n);
      await twin.report(1n, HEALTH, 500n);
      expect(await twin.units(1n)).to.equal(500n);
    });

    it("with BenefitMine, retirement and restriction end rewards at once, but keep earnings", async () => {
      const { champions, mine, source, sale } = await networkHelpers.loadFixture(saleFixture);
      await networkHelpers.time.increaseTo((await mine.START()) + DAY);
      const report = (championId: bigint) => mine.connect(source).report(championId, HEALTH, 500n);
      await report(1n);
      await champions.retire(1n);
      await champions.restrict(2n);
      for (const championId of [1n, 2n]) {
        await expect(report(championId))
          .to.be.revertedWithCustomError(mine, "ReportChampionNotRewarded")
          .withArgs(championId, HEALTH);
      }
      await networkHelpers.time.increase(DAY + HOLD);
      await mine.close(2n);
      await mine.mint(2n, HEALTH, 1n);
      expect((await sale.stockOf(1n)).coins).to.equal(earned(FIRST, HEALTH_PARAMS, 4n, 500n));
    });
  });

  describe("by unsolicited coins", () => {
    it("when shares depend on a balance, a donation changes them", async () => {
      const coin = await ethers.deployContract("TestUSD");
      const twin = await ethers.deployContract("BalanceMine", [coin]);
      await coin.mint(twin, 1_000n);
      await twin.report(1n, 1n);
      const before = await twin.amountOf(1n);
      await coin.mint(twin, 500n);
      expect((await twin.amountOf(1n)) - before).to.equal(500n);
    });

    it("with BenefitMine, a donation changes nothing", async () => {
      const { mine, coin, sale, report, goTo } = await networkHelpers.loadFixture(closedFixture);
      await mine.mint(2n, HEALTH, 1n);
      const before = await mine.earningOf(2n, HEALTH, 2n);
      await coin.connect(sale).transfer(mine, await coin.balanceOf(sale));
      expect(await mine.earningOf(2n, HEALTH, 2n)).to.deep.equal(before);
      await expect(mine.mint(2n, HEALTH, 2n)).to.changeTokenBalances(
        ethers,
        coin,
        [sale, mine],
        [before.amount, 0n],
      );
      await report(1n, HEALTH, 1_000n);
      await goTo(10n);
      await expect(mine.close(6n))
        .to.emit(mine, "RoundClosed")
        .withArgs(6n, 126n * HEIGHT, 234n * HEIGHT, (3n * FIRST) / 4n);
      expect((await mine.sectorEarningOf(6n, HEALTH)).amount).to.equal((3n * FIRST) / 4n);
    });
  });

  describe("by many champions or sources", () => {
    it("when a round has many champions, closing it costs the same", async () => {
      const { mine, champions, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      const gas: bigint[] = [];
      for (const [round, count] of [
        [3n, 1n],
        [4n, 1n],
        [5n, 40n],
      ] as const) {
        await goTo(round);
        for (let championId = 1n; championId <= count; championId += 1n) {
          await champions.setPopulation(championId, 1_000n);
          await champions.setRewarded(championId, HEALTH, true);
          await report(championId, HEALTH, 1n);
        }
      }
      await goTo(9n);
      for (const round of [3n, 4n, 5n]) {
        const receipt = await (await mine.close(round)).wait();
        gas.push(receipt?.gasUsed ?? 0n);
      }
      const [, one, forty] = gas;
      expect(forty).to.equal(one);
    });

    it("when a champion reports through many sources, its credit has the same limit", async () => {
      const { mine, report, other } = await networkHelpers.loadFixture(mineFixture);
      await mine.admitSource(other, CAP);
      for (let i = 0; i < 10; i += 1) {
        await report(2n, HEALTH, 50n);
        await mine.connect(other).report(2n, HEALTH, 50n);
      }
      for (const again of [report, mine.connect(other).report]) {
        await expect(again(2n, HEALTH, 1n))
          .to.be.revertedWithCustomError(mine, "ReportExceedsAllowance")
          .withArgs(2n, HEALTH, 1n, 0n);
      }
    });
  });
});

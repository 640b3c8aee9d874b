import { expect } from "chai";
import {
  CAP,
  earned,
  FIRST,
  gradedFixture,
  HEALTH,
  HEALTH_PARAMS,
  QUALITY_ONE,
  TRAINING,
} from "../coin/support.ts";
import { ethers, networkHelpers } from "../grid.ts";

describe("attacks on quality in the mine", () => {
  describe("by more use of low quality", () => {
    it("when the allowance bounds the benefit, use makes up for low quality", async () => {
      const twin = await ethers.deployContract("BenefitBoundMine");
      await twin.report(1n, 1_000n, QUALITY_ONE);
      await twin.report(2n, 4_000n, QUALITY_ONE / 4n);
      expect([await twin.benefits(1n), await twin.benefits(2n)]).to.deep.equal([1_000n, 1_000n]);
    });

    it("with BenefitMine, allowance and cap bound the use, and the benefit stays in proportion to quality", async () => {
      const { mine, source, other, champions, report } = await networkHelpers.loadFixture(gradedFixture);
      await mine.admitSource(other, CAP);
      for (const championId of [1n, 2n]) {
        await champions.setPopulation(championId, 500n);
        await report(championId, HEALTH, 1_000n);
        for (const reporter of [source, other]) {
          await expect(mine.connect(reporter).report(championId, HEALTH, 4n))
            .to.be.revertedWithCustomError(mine, "ReportExceedsAllowance")
            .withArgs(championId, HEALTH, 4n, 0n);
        }
      }
      expect((await mine.earningOf(2n, HEALTH, 1n)).benefit).to.equal(1_000n);
      expect((await mine.earningOf(2n, HEALTH, 2n)).benefit).to.equal(250n);
      await champions.setPopulation(2n, 100_000n);
      await report(2n, HEALTH, CAP - 2_000n);
      await expect(report(2n, HEALTH, 4n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsCap")
        .withArgs(source.address, HEALTH, 4n, 0n);
    });
  });

  describe("by a quality that changes between report and stop", () => {
    it("when a stop multiplies again, void benefit stays, or honest benefit is lost", async () => {
      const { subnets, source, other } = await networkHelpers.loadFixture(gradedFixture);
      for (const [before, after, left] of [
        [QUALITY_ONE, QUALITY_ONE / 4n, 100n + 900n - 225n],
        [QUALITY_ONE / 16n, QUALITY_ONE / 15n, 56n + 6n - 59n],
      ] as const) {
        const twin = await ethers.deployContract("RegradingMine", [subnets]);
        await subnets.setQuality(HEALTH, 1n, before);
        await twin.connect(source).report(HEALTH, 1n, 900n);
        await twin.connect(other).report(HEALTH, 1n, 100n);
        await subnets.setQuality(HEALTH, 1n, after);
        await twin.stop(source, HEALTH, 1n);
        expect(await twin.total()).to.equal(left);
      }
    });

    it("with BenefitMine, void reports at several qualities leave nothing behind", async () => {
      const { mine, subnets, source, other, report, goTo } = await networkHelpers.loadFixture(gradedFixture);
      await mine.admitSource(other, CAP);
      await mine.connect(other).report(1n, HEALTH, 100n);
      for (const quality of [QUALITY_ONE, 700n, QUALITY_ONE / 3n, 2n ** 32n - 1n, QUALITY_ONE - 1n]) {
        await subnets.setQuality(HEALTH, 1n, quality);
        await report(1n, HEALTH, 101n);
        await report(1n, TRAINING, 7n);
      }
      await subnets.setQuality(HEALTH, 1n, 0n);
      await mine.stopSource(source);
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal([100n, 100n, 0n, false]);
      expect(await mine.earningOf(2n, TRAINING, 1n)).to.deep.equal([0n, 0n, 0n, false]);
      expect(await mine.sectorEarningOf(2n, HEALTH)).to.deep.equal([100n, 0n]);
      expect(await mine.sectorEarningOf(2n, TRAINING)).to.deep.equal([0n, 0n]);
      await goTo(6n);
      await mine.close(2n);
      const amount = earned(FIRST, HEALTH_PARAMS, 4n, 100n);
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal([100n, 100n, amount, false]);
    });

    it("with BenefitMine, a stop returns the used allowance, whatever the quality was", async () => {
      const { mine, source, other, report } = await networkHelpers.loadFixture(gradedFixture);
      await mine.admitSource(other, CAP);
      await report(2n, HEALTH, 1_000n);
      await mine.stopSource(source);
      await mine.connect(other).report(2n, HEALTH, 1_000n);
      expect(await mine.earningOf(2n, HEALTH, 2n)).to.deep.equal([1_000n, 250n, 0n, false]);
    });
  });

  describe("by a quality above 1", () => {
    it("when a mine multiplies by any quality, it counts more than the use", async () => {
      const { subnets } = await networkHelpers.loadFixture(gradedFixture);
      const twin = await ethers.deployContract("GenerousMine", [subnets]);
      await subnets.setQuality(HEALTH, 1n, 8n * QUALITY_ONE);
      await twin.report(HEALTH, 1n, 100n);
      expect(await twin.benefits(1n)).to.equal(800n);
    });

    it("with BenefitMine, it counts as 1", async () => {
      const { mine, subnets, report } = await networkHelpers.loadFixture(gradedFixture);
      await subnets.setQuality(HEALTH, 1n, 8n * QUALITY_ONE);
      await report(1n, HEALTH, 100n);
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal([100n, 100n, 0n, false]);
    });
  });
});

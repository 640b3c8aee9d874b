import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import {
  CAP,
  earned,
  FIRST,
  gradedFixture,
  HEALTH,
  HEALTH_PARAMS,
  mineFixture,
  QUALITY_ONE,
  TRAINING,
} from "./support.ts";

describe("BenefitMine, quality", () => {
  describe("setSubnets", () => {
    it("when the caller has no admin role, reverts", async () => {
      const { mine, stranger } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.connect(stranger).setSubnets(mine))
        .to.be.revertedWithCustomError(mine, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ethers.ZeroHash);
    });

    it("when it is set already, reverts", async () => {
      const { mine, subnets } = await networkHelpers.loadFixture(gradedFixture);
      for (const next of [mine, ethers.ZeroAddress]) {
        await expect(mine.setSubnets(next))
          .to.be.revertedWithCustomError(mine, "SubnetsAlreadySet")
          .withArgs(await subnets.getAddress());
      }
    });

    it("when it is not a contract, reverts", async () => {
      const { mine, stranger } = await networkHelpers.loadFixture(mineFixture);
      for (const subnets of [ethers.ZeroAddress, stranger.address]) {
        await expect(mine.setSubnets(subnets))
          .to.be.revertedWithCustomError(mine, "SubnetsNotContract")
          .withArgs(subnets);
      }
    });

    it("when it is set, later reports are multiplied, and earlier ones stay", async () => {
      const { mine, report } = await networkHelpers.loadFixture(mineFixture);
      expect(await mine.subnets()).to.equal(ethers.ZeroAddress);
      await report(1n, HEALTH, 100n);
      const subnets = await ethers.deployContract("TestSubnets");
      await expect(mine.setSubnets(subnets))
        .to.emit(mine, "SubnetsSet")
        .withArgs(await subnets.getAddress());
      await subnets.setQuality(HEALTH, 1n, QUALITY_ONE / 2n);
      await report(1n, HEALTH, 100n);
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal([200n, 150n, 0n, false]);
    });
  });

  describe("report", () => {
    it("when the use is zero, reverts, with and without subnets", async () => {
      for (const fixture of [mineFixture, gradedFixture]) {
        const { mine, report } = await networkHelpers.loadFixture(fixture);
        await expect(report(1n, HEALTH, 0n))
          .to.be.revertedWithCustomError(mine, "ReportWithoutBenefit")
          .withArgs(1n, HEALTH);
      }
    });

    it("when use times quality is below one, reverts", async () => {
      const { mine, subnets, report } = await networkHelpers.loadFixture(gradedFixture);
      const refuse = async (use: bigint) =>
        await expect(report(2n, HEALTH, use))
          .to.be.revertedWithCustomError(mine, "ReportWithoutBenefit")
          .withArgs(2n, HEALTH);
      await refuse(3n);
      await report(2n, HEALTH, 4n);
      await subnets.setQuality(HEALTH, 2n, 0n);
      await refuse(1_000n);
      expect(await mine.earningOf(2n, HEALTH, 2n)).to.deep.equal([4n, 1n, 0n, false]);
    });

    it("when quality is below one, rounds each report down, and the sector sums what its champions have", async () => {
      const { mine, source, report } = await networkHelpers.loadFixture(gradedFixture);
      await expect(report(2n, HEALTH, 7n))
        .to.emit(mine, "BenefitReported")
        .withArgs(2n, HEALTH, 2n, source.address, 7n, 1n);
      await report(2n, HEALTH, 7n);
      await report(1n, HEALTH, 5n);
      await report(2n, TRAINING, 7n);
      expect(await mine.earningOf(2n, HEALTH, 2n)).to.deep.equal([14n, 2n, 0n, false]);
      expect(await mine.sectorEarningOf(2n, HEALTH)).to.deep.equal([7n, 0n]);
      expect(await mine.earningOf(2n, TRAINING, 2n)).to.deep.equal([7n, 7n, 0n, false]);
      expect(await mine.reportedBy(source, HEALTH)).to.equal(19n);
    });

    it("when quality is above one, credits the use and no more", async () => {
      const { mine, subnets, report } = await networkHelpers.loadFixture(gradedFixture);
      await subnets.setQuality(HEALTH, 1n, 2n ** 32n - 1n);
      await report(1n, HEALTH, 600n);
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal([600n, 600n, 0n, false]);
    });

    it("when use and quality are at their extremes, multiplies exactly", async () => {
      const { mine, subnets, champions, other, goTo } = await networkHelpers.loadFixture(gradedFixture);
      const most = 2n ** 88n - 1n;
      await champions.setPopulation(1n, 2n ** 64n - 1n);
      await mine.setSector(HEALTH, { ...HEALTH_PARAMS, allowance: 2n ** 64n - 1n });
      await mine.admitSource(other, most);
      let round = 2n;
      for (const quality of [1n, QUALITY_ONE - 1n, QUALITY_ONE]) {
        round += 1n;
        await goTo(round);
        await subnets.setQuality(HEALTH, 1n, quality);
        await mine.connect(other).report(1n, HEALTH, most);
        const benefit = (most * quality) / QUALITY_ONE;
        expect(await mine.earningOf(round, HEALTH, 1n)).to.deep.equal([most, benefit, 0n, false]);
      }
    });

    it("when the benefit is below the cap or the allowance, both still bound the use", async () => {
      const { mine, source, champions, report } = await networkHelpers.loadFixture(gradedFixture);
      await report(2n, HEALTH, 900n);
      await expect(report(2n, HEALTH, 101n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsAllowance")
        .withArgs(2n, HEALTH, 101n, 100n);
      await champions.setPopulation(2n, 10_000n);
      await expect(report(2n, HEALTH, CAP - 899n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsCap")
        .withArgs(source.address, HEALTH, CAP - 899n, CAP - 900n);
    });
  });

  describe("close and mint", () => {
    it("when qualities differ, heights and shares follow the benefit", async () => {
      const { mine, coin, report, goTo } = await networkHelpers.loadFixture(gradedFixture);
      await report(1n, HEALTH, 400n);
      await report(2n, HEALTH, 400n);
      await goTo(6n);
      const amount = earned(FIRST, HEALTH_PARAMS, 4n, 500n);
      await expect(mine.close(2n)).to.emit(mine, "SectorEarned").withArgs(2n, HEALTH, 500n, amount);
      const [best, weak] = [(amount * 4n) / 5n, amount / 5n];
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal([400n, 400n, best, false]);
      expect(await mine.earningOf(2n, HEALTH, 2n)).to.deep.equal([400n, 100n, weak, false]);
      for (const championId of [1n, 2n]) await mine.mint(2n, HEALTH, championId);
      expect(await coin.totalSupply()).to.equal(best + weak);
    });

    it("when quality changes after a report, the report keeps its benefit", async () => {
      const { mine, subnets, report, goTo } = await networkHelpers.loadFixture(gradedFixture);
      await report(1n, HEALTH, 400n);
      await subnets.setQuality(HEALTH, 1n, 0n);
      await goTo(6n);
      await mine.close(2n);
      await mine.mint(2n, HEALTH, 1n);
      const amount = earned(FIRST, HEALTH_PARAMS, 4n, 400n);
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal([400n, 400n, amount, true]);
    });
  });
});

import { expect } from "chai";
import { networkHelpers } from "../grid.ts";
import {
  CAP,
  closedFixture,
  earned,
  FIRST,
  HEALTH,
  HEALTH_PARAMS,
  IDLE,
  mineFixture,
  TRAINING,
} from "./support.ts";

const ADMIN_ROLE = `0x${"00".repeat(32)}`;
const PARAMS = { weight: 9n, target: 90n, allowance: 900n };

describe("BenefitMine, governing", () => {
  describe("setSector", () => {
    it("when the caller has no admin role, reverts", async () => {
      const { mine, stranger, source } = await networkHelpers.loadFixture(mineFixture);
      for (const caller of [stranger, source]) {
        await expect(mine.connect(caller).setSector(HEALTH, PARAMS))
          .to.be.revertedWithCustomError(mine, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, ADMIN_ROLE);
      }
    });

    it("when a sector with weight has no target, reverts", async () => {
      const { mine } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.setSector(HEALTH, { ...PARAMS, target: 0n }))
        .to.be.revertedWithCustomError(mine, "SectorTargetZero")
        .withArgs(HEALTH);
      await mine.setSector(HEALTH, { ...PARAMS, weight: 0n, target: 0n });
    });

    it("when the sector would be the 33rd, reverts; the first 32 can still be set", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      for (let sector = 1_000n; sector < 1_030n; sector += 1n) await mine.setSector(sector, PARAMS);
      await mine.setSector(1_000n, { ...PARAMS, weight: 0n });
      await expect(mine.setSector(65_535n, PARAMS))
        .to.be.revertedWithCustomError(mine, "SectorsExceedMaximum")
        .withArgs(65_535n, 32n);
      await mine.setSector(1_029n, PARAMS);
      expect(await mine.sectors()).to.have.lengthOf(32);
      await goTo(3n);
      await report(1n, HEALTH, 1_000n);
      await goTo(4n);
      await mine.close(3n);
      const totalWeight = 3n + 1n + 29n * 9n;
      expect((await mine.sectorEarningOf(3n, HEALTH)).amount).to.equal((FIRST * 3n) / totalWeight);
    });

    it("when a sector is set, applies from the next round on", async () => {
      const { mine } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.setSector(HEALTH, PARAMS))
        .to.emit(mine, "SectorSet")
        .withArgs(HEALTH, 3n, [9n, 90n, 900n]);
      const before = Object.values(HEALTH_PARAMS);
      const none = [0n, 0n, 0n];
      for (const [round, params] of [
        [0n, none],
        [1n, none],
        [2n, before],
        [3n, [9n, 90n, 900n]],
        [4_000n, [9n, 90n, 900n]],
      ] as const) {
        expect(await mine.sectorAt(HEALTH, round)).to.deep.equal(params);
      }
    });

    it("when a sector is set twice in a round, the last setting applies", async () => {
      const { mine, goTo } = await networkHelpers.loadFixture(mineFixture);
      await mine.setSector(HEALTH, PARAMS);
      await mine.setSector(HEALTH, { ...PARAMS, weight: 1n });
      await goTo(3n);
      expect(await mine.sectorAt(HEALTH, 3n)).to.deep.equal([1n, 90n, 900n]);
      expect(await mine.sectors()).to.deep.equal([HEALTH, TRAINING]);
    });

    it("when all parameters are at their maximum, stores each one exactly", async () => {
      const { mine } = await networkHelpers.loadFixture(mineFixture);
      for (const params of [
        { weight: 2n ** 32n - 1n, target: 1n, allowance: 0n },
        { weight: 1n, target: 2n ** 112n - 1n, allowance: 0n },
        { weight: 0n, target: 0n, allowance: 2n ** 64n - 1n },
      ]) {
        await mine.setSector(IDLE, params);
        expect(await mine.sectorAt(IDLE, 3n)).to.deep.equal(Object.values(params));
      }
    });
  });

  describe("admitSource", () => {
    it("when the caller has no admin role, reverts", async () => {
      const { mine, source, stranger } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.connect(source).admitSource(stranger, 1n))
        .to.be.revertedWithCustomError(mine, "AccessControlUnauthorizedAccount")
        .withArgs(source.address, ADMIN_ROLE);
    });

    it("when the cap is zero, reverts", async () => {
      const { mine, other } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.admitSource(other, 0n))
        .to.be.revertedWithCustomError(mine, "SourceCapZero")
        .withArgs(other.address);
    });

    it("when the account has another cap, reverts, admitted or removed", async () => {
      const { mine, source } = await networkHelpers.loadFixture(mineFixture);
      const readmit = () => mine.admitSource(source, CAP + 1n);
      await expect(readmit())
        .to.be.revertedWithCustomError(mine, "SourceCapFixed")
        .withArgs(source.address, CAP);
      await mine.removeSource(source);
      await expect(readmit())
        .to.be.revertedWithCustomError(mine, "SourceCapFixed")
        .withArgs(source.address, CAP);
    });

    it("when the account is admitted, reverts", async () => {
      const { mine, source } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.admitSource(source, CAP))
        .to.be.revertedWithCustomError(mine, "SourceAlreadyAdmitted")
        .withArgs(source.address);
    });

    it("when the account is new, it can report at once", async () => {
      const { mine, other } = await networkHelpers.loadFixture(mineFixture);
      expect(await mine.sourceOf(other)).to.deep.equal([0n, false]);
      await expect(mine.admitSource(other, 9n)).to.emit(mine, "SourceAdmitted").withArgs(other.address, 9n);
      expect(await mine.sourceOf(other)).to.deep.equal([9n, true]);
      await mine.connect(other).report(1n, HEALTH, 9n);
    });
  });

  describe("removeSource", () => {
    it("when the caller has no admin role, reverts", async () => {
      const { mine, source, stranger } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.connect(stranger).removeSource(source))
        .to.be.revertedWithCustomError(mine, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ADMIN_ROLE);
    });

    it("when the account is not admitted, reverts", async () => {
      const { mine, source, stranger } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.removeSource(stranger))
        .to.be.revertedWithCustomError(mine, "SourceNotAdmitted")
        .withArgs(stranger.address);
      await mine.removeSource(source);
      await expect(mine.removeSource(source))
        .to.be.revertedWithCustomError(mine, "SourceNotAdmitted")
        .withArgs(source.address);
    });

    it("when the account is admitted, it can no longer report, and its reports stay", async () => {
      const { mine, source, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 500n);
      await expect(mine.removeSource(source)).to.emit(mine, "SourceRemoved").withArgs(source.address);
      expect(await mine.sourceOf(source)).to.deep.equal([CAP, false]);
      await goTo(3n);
      await mine.close(2n);
      await mine.mint(2n, HEALTH, 1n);
      expect((await mine.earningOf(2n, HEALTH, 1n)).amount).to.equal(earned(FIRST, HEALTH_PARAMS, 4n, 500n));
    });
  });

  describe("resign", () => {
    it("when the caller is not admitted, reverts", async () => {
      const { mine, source, admin, stranger } = await networkHelpers.loadFixture(mineFixture);
      await mine.removeSource(source);
      for (const caller of [stranger, admin, source]) {
        await expect(mine.connect(caller).resign())
          .to.be.revertedWithCustomError(mine, "CallerNotSource")
          .withArgs(caller.address);
      }
    });

    it("when a source resigns, it can no longer report; its reports, its cap and others stay", async () => {
      const { mine, source, other, report } = await networkHelpers.loadFixture(mineFixture);
      await mine.admitSource(other, CAP);
      await report(1n, HEALTH, 500n);
      await expect(mine.connect(source).resign()).to.emit(mine, "SourceRemoved").withArgs(source.address);
      await expect(report(1n, HEALTH, 1n))
        .to.be.revertedWithCustomError(mine, "CallerNotSource")
        .withArgs(source.address);
      expect(await mine.sourceOf(source)).to.deep.equal([CAP, false]);
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal([500n, 0n, false]);
      await mine.connect(other).report(1n, HEALTH, 1n);
    });

    it("when governance admits it again, it has the rest of its cap for the round", async () => {
      const { mine, source, report } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 500n);
      await mine.connect(source).resign();
      await mine.admitSource(source, CAP);
      await expect(report(1n, HEALTH, CAP))
        .to.be.revertedWithCustomError(mine, "ReportExceedsCap")
        .withArgs(source.address, HEALTH, CAP, CAP - 500n);
    });
  });

  describe("earnings", () => {
    it("when governance uses all its powers, stay the same", async () => {
      const { mine, source } = await networkHelpers.loadFixture(closedFixture);
      const before = await mine.earningOf(2n, HEALTH, 1n);
      await mine.setSector(HEALTH, { weight: 0n, target: 0n, allowance: 0n });
      await mine.setSector(TRAINING, PARAMS);
      await mine.removeSource(source);
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal(before);
      await mine.mint(2n, HEALTH, 1n);
    });
  });
});

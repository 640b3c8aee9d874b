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
  STOPPER_ROLE,
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
      await goTo(7n);
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

    it("when the account has another cap, reverts, admitted, removed or stopped", async () => {
      const { mine, source } = await networkHelpers.loadFixture(mineFixture);
      const refuse = async () =>
        await expect(mine.admitSource(source, CAP + 1n))
          .to.be.revertedWithCustomError(mine, "SourceCapMismatch")
          .withArgs(source.address, CAP);
      await refuse();
      await mine.removeSource(source);
      await refuse();
      await mine.stopSource(source);
      await refuse();
    });

    it("when the account is admitted, reverts", async () => {
      const { mine, source } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.admitSource(source, CAP))
        .to.be.revertedWithCustomError(mine, "SourceAlreadyAdmitted")
        .withArgs(source.address);
    });

    it("when the account is new, it can report at once", async () => {
      const { mine, other } = await networkHelpers.loadFixture(mineFixture);
      expect(await mine.sourceOf(other)).to.deep.equal([0n, 0n, false]);
      await expect(mine.admitSource(other, 9n)).to.emit(mine, "SourceAdmitted").withArgs(other.address, 9n);
      expect(await mine.sourceOf(other)).to.deep.equal([9n, 9n, true]);
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
      expect(await mine.sourceOf(source)).to.deep.equal([CAP, CAP, false]);
      await goTo(6n);
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
      expect(await mine.sourceOf(source)).to.deep.equal([CAP, CAP, false]);
      expect(await mine.earningOf(2n, HEALTH, 1n)).to.deep.equal([500n, 500n, 0n, false]);
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

  describe("setSourceCap", () => {
    it("when the caller has no admin role, reverts", async () => {
      const { mine, source } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.connect(source).setSourceCap(source, 1n))
        .to.be.revertedWithCustomError(mine, "AccessControlUnauthorizedAccount")
        .withArgs(source.address, ADMIN_ROLE);
    });

    it("when the account was never admitted, reverts", async () => {
      const { mine, other } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.setSourceCap(other, 1n))
        .to.be.revertedWithCustomError(mine, "SourceNotAdmitted")
        .withArgs(other.address);
    });

    it("when the cap is zero, reverts", async () => {
      const { mine, source } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.setSourceCap(source, 0n))
        .to.be.revertedWithCustomError(mine, "SourceCapZero")
        .withArgs(source.address);
    });

    it("when lowered or raised, applies from the next round on, and the last setting of a round counts", async () => {
      const { mine, source, champions, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await champions.setPopulation(1n, 10_000n);
      await report(1n, HEALTH, 100n);
      await mine.setSourceCap(source, 2n * CAP);
      await expect(mine.setSourceCap(source, 50n))
        .to.emit(mine, "SourceCapSet")
        .withArgs(source.address, 3n, 50n);
      expect(await mine.sourceOf(source)).to.deep.equal([CAP, 50n, true]);
      await report(1n, HEALTH, CAP - 100n);
      await goTo(3n);
      expect(await mine.sourceOf(source)).to.deep.equal([50n, 50n, true]);
      await expect(report(1n, HEALTH, 51n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsCap")
        .withArgs(source.address, HEALTH, 51n, 50n);
      await mine.setSourceCap(source, 2n * CAP);
      await expect(report(1n, HEALTH, 51n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsCap")
        .withArgs(source.address, HEALTH, 51n, 50n);
      await goTo(4n);
      await report(1n, HEALTH, 2n * CAP);
      expect(await mine.reportedBy(source, HEALTH)).to.equal(2n * CAP);
    });

    it("when the account is removed, its next admission names the new cap", async () => {
      const { mine, source, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await mine.removeSource(source);
      await mine.setSourceCap(source, 70n);
      await expect(mine.admitSource(source, CAP))
        .to.be.revertedWithCustomError(mine, "SourceCapMismatch")
        .withArgs(source.address, 70n);
      await mine.admitSource(source, 70n);
      await report(1n, HEALTH, 100n);
      await goTo(3n);
      await expect(report(1n, HEALTH, 71n))
        .to.be.revertedWithCustomError(mine, "ReportExceedsCap")
        .withArgs(source.address, HEALTH, 71n, 70n);
    });
  });

  describe("retireSector", () => {
    const NONE = { weight: 0n, target: 0n, allowance: 0n };

    it("when the caller has no admin role, reverts", async () => {
      const { mine, source } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.connect(source).retireSector(HEALTH))
        .to.be.revertedWithCustomError(mine, "AccessControlUnauthorizedAccount")
        .withArgs(source.address, ADMIN_ROLE);
    });

    it("when the sector was never set or is retired, reverts", async () => {
      const { mine, goTo } = await networkHelpers.loadFixture(mineFixture);
      const refuse = async () =>
        await expect(mine.retireSector(IDLE))
          .to.be.revertedWithCustomError(mine, "SectorNonexistent")
          .withArgs(IDLE);
      await refuse();
      await mine.setSector(IDLE, NONE);
      await goTo(3n);
      await mine.retireSector(IDLE);
      await refuse();
    });

    it("when the sector has weight, now or from the next round on, reverts", async () => {
      const { mine } = await networkHelpers.loadFixture(mineFixture);
      await mine.setSector(IDLE, PARAMS);
      for (const [sector, weight] of [
        [HEALTH, 3n],
        [IDLE, 9n],
      ]) {
        await expect(mine.retireSector(sector ?? 0n))
          .to.be.revertedWithCustomError(mine, "SectorHasWeight")
          .withArgs(sector, weight);
      }
    });

    it("when a round with its weight is underway or open, reverts", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await mine.setSector(TRAINING, NONE);
      const refuse = async (round: bigint) =>
        await expect(mine.retireSector(TRAINING))
          .to.be.revertedWithCustomError(mine, "SectorRoundsOpen")
          .withArgs(TRAINING, round, 3n);
      await refuse(2n);
      await report(1n, HEALTH, 1_000n);
      await goTo(3n);
      await report(1n, HEALTH, 1_000n);
      await goTo(9n);
      await refuse(2n);
      await mine.close(2n);
      expect((await mine.sectorEarningOf(2n, HEALTH)).amount).to.equal((3n * FIRST) / 4n);
      // Round 3 is open, and the sector has no weight in it.
      await mine.retireSector(TRAINING);
      await mine.close(3n);
      expect((await mine.sectorEarningOf(3n, HEALTH)).amount).to.equal(FIRST);
    });

    it("when it was last set without weight, takes it off the list, with its place", async () => {
      const { mine, goTo } = await networkHelpers.loadFixture(mineFixture);
      for (let sector = 1_000n; sector < 1_030n; sector += 1n) await mine.setSector(sector, NONE);
      await goTo(3n);
      await expect(mine.retireSector(1_003n)).to.emit(mine, "SectorRetired").withArgs(1_003n);
      expect([...(await mine.sectors())].sort()).not.to.include(1_003n);
      expect(await mine.sectors()).to.have.lengthOf(31);
      await mine.setSector(65_535n, PARAMS);
      expect(await mine.sectors()).to.include(65_535n);
      await expect(mine.setSector(1_003n, PARAMS))
        .to.be.revertedWithCustomError(mine, "SectorsExceedMaximum")
        .withArgs(1_003n, 32n);
    });

    it("when it is set again, it is back on the list, and earlier rounds keep its weight", async () => {
      const { mine, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await mine.setSector(TRAINING, NONE);
      await goTo(3n);
      await mine.retireSector(TRAINING);
      expect(await mine.sectors()).to.deep.equal([HEALTH]);
      await mine.setSector(TRAINING, PARAMS);
      expect(await mine.sectors()).to.deep.equal([HEALTH, TRAINING]);
      expect(await mine.sectorAt(TRAINING, 2n)).to.deep.equal([1n, 500n, 2n]);
      await goTo(4n);
      await report(1n, TRAINING, 90n);
      await goTo(8n);
      await mine.close(4n);
      expect((await mine.sectorEarningOf(4n, TRAINING)).amount).to.equal((FIRST * 9n) / 12n);
    });
  });

  describe("stopSource", () => {
    it("when the caller has no stopper role, reverts", async () => {
      const { mine, source } = await networkHelpers.loadFixture(mineFixture);
      await expect(mine.connect(source).stopSource(source))
        .to.be.revertedWithCustomError(mine, "AccessControlUnauthorizedAccount")
        .withArgs(source.address, STOPPER_ROLE);
    });

    it("when the account was not admitted since its last stop, reverts", async () => {
      const { mine, source, other } = await networkHelpers.loadFixture(mineFixture);
      const refuse = async (account: typeof source) =>
        await expect(mine.stopSource(account))
          .to.be.revertedWithCustomError(mine, "SourceNotAdmitted")
          .withArgs(account.address);
      await refuse(other);
      await mine.stopSource(source);
      await refuse(source);
      await mine.admitSource(source, CAP);
      await mine.stopSource(source);
      await refuse(source);
    });

    it("when 32 were stopped in a round, reverts until the next", async () => {
      const { mine, source, other, goTo } = await networkHelpers.loadFixture(mineFixture);
      for (let i = 0; i < 32; i += 1) {
        await mine.admitSource(other, CAP);
        await mine.stopSource(other);
      }
      await expect(mine.stopSource(source))
        .to.be.revertedWithCustomError(mine, "StopsExceedMaximum")
        .withArgs(source.address, 32n);
      await goTo(3n);
      await mine.stopSource(source);
      expect(await mine.sourceOf(source)).to.deep.equal([CAP, CAP, false]);
    });

    it("when a source is stopped, voids its reports of rounds on hold, and nothing else", async () => {
      const { mine, source, other, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await mine.admitSource(other, CAP);
      for (let round = 2n; round <= 6n; round += 1n) {
        if (round > 2n) await goTo(round);
        await report(1n, HEALTH, 300n);
        await report(1n, TRAINING, 30n);
        await mine.connect(other).report(1n, HEALTH, 200n);
        await mine.connect(other).report(2n, HEALTH, 100n);
      }
      await expect(mine.stopSource(source)).to.emit(mine, "SourceStopped").withArgs(source.address, 3n);
      await expect(report(1n, HEALTH, 1n))
        .to.be.revertedWithCustomError(mine, "CallerNotSource")
        .withArgs(source.address);
      expect(await mine.reportedBy(source, HEALTH)).to.equal(0n);
      for (let round = 2n; round <= 6n; round += 1n) {
        const [kept, trained] = round === 2n ? [500n, 30n] : [200n, 0n];
        expect(await mine.earningOf(round, HEALTH, 1n)).to.deep.equal([kept, kept, 0n, false]);
        expect(await mine.earningOf(round, HEALTH, 2n)).to.deep.equal([100n, 100n, 0n, false]);
        expect(await mine.earningOf(round, TRAINING, 1n)).to.deep.equal([trained, trained, 0n, false]);
        expect(await mine.sectorEarningOf(round, HEALTH)).to.deep.equal([kept + 100n, 0n]);
        expect(await mine.sectorEarningOf(round, TRAINING)).to.deep.equal([trained, 0n]);
      }
      await goTo(10n);
      for (let round = 2n; round <= 6n; round += 1n) await mine.close(round);
      const { amount } = await mine.sectorEarningOf(6n, HEALTH);
      const earnings = [await mine.earningOf(6n, HEALTH, 1n), await mine.earningOf(6n, HEALTH, 2n)];
      expect(earnings.map((earning) => earning.amount)).to.deep.equal([(amount * 2n) / 3n, amount / 3n]);
      await mine.mint(6n, HEALTH, 1n);
      await expect(mine.mint(6n, TRAINING, 1n))
        .to.be.revertedWithCustomError(mine, "BenefitNonexistent")
        .withArgs(6n, TRAINING, 1n);
    });

    it("when all reports of a round are void, it closes and mines nothing", async () => {
      const { mine, source, report, goTo } = await networkHelpers.loadFixture(mineFixture);
      await report(1n, HEALTH, 300n);
      await mine.stopSource(source);
      await goTo(6n);
      await expect(mine.close(2n)).to.emit(mine, "RoundClosed").withArgs(2n, 0n, 0n, 0n);
      expect(await mine.nextRound()).to.equal(0n);
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

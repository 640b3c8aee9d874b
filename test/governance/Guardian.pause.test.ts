import { expect } from "chai";
import { DAY, ethers, networkHelpers } from "../grid.ts";
import { governanceFixture } from "./support.ts";

const WEEK = 7n * DAY;

describe("Guardian, pausing", () => {
  describe("pause", () => {
    it("when the caller is not the council, reverts", async () => {
      const { guardian, alice } = await networkHelpers.loadFixture(governanceFixture);
      for (const call of [() => guardian.connect(alice).pause(1n), () => guardian.connect(alice).resume()]) {
        await expect(call())
          .to.be.revertedWithCustomError(guardian, "GuardianCallerNotCouncil")
          .withArgs(alice.address);
      }
    });

    it("when a pause is underway, reverts until its last second is over", async () => {
      const { guardian, pauseAt } = await networkHelpers.loadFixture(pauseFixture);
      const start = await pauseAt(0n, WEEK);
      await expect(pauseAt(WEEK - 1n, 1n))
        .to.be.revertedWithCustomError(guardian, "GuardianPauseUnderway")
        .withArgs(start + WEEK);
      await pauseAt(WEEK, 1n);
    });

    it("when the duration is zero or above seven days, reverts", async () => {
      const { guardian, pauseAt } = await networkHelpers.loadFixture(pauseFixture);
      for (const duration of [0n, WEEK + 1n, 2n ** 48n - 1n]) {
        await expect(pauseAt(0n, duration))
          .to.be.revertedWithCustomError(guardian, "GuardianPauseLengthInvalid")
          .withArgs(duration, WEEK);
      }
    });

    it("when all pauses would exceed thirty days, reverts; up to thirty days, pauses", async () => {
      const { guardian, pauseAt } = await networkHelpers.loadFixture(pauseFixture);
      for (const week of [0n, 10n, 20n, 30n]) await pauseAt(week * WEEK, WEEK);
      await expect(pauseAt(40n * WEEK, 2n * DAY + 1n))
        .to.be.revertedWithCustomError(guardian, "GuardianPauseLengthInvalid")
        .withArgs(2n * DAY + 1n, 2n * DAY);
      await pauseAt(40n * WEEK, 2n * DAY);
      await expect(pauseAt(50n * WEEK, 1n))
        .to.be.revertedWithCustomError(guardian, "GuardianPauseLengthInvalid")
        .withArgs(1n, 0n);
    });

    it("when the pause would outlast the term, reverts; up to the end, pauses", async () => {
      const { guardian, council } = await networkHelpers.loadFixture(governanceFixture);
      const end = await guardian.END();
      await networkHelpers.time.setNextBlockTimestamp(end - DAY);
      await expect(guardian.connect(council).pause(DAY + 1n))
        .to.be.revertedWithCustomError(guardian, "GuardianPauseLengthInvalid")
        .withArgs(DAY + 1n, DAY);
      await networkHelpers.time.setNextBlockTimestamp(end - DAY + 1n);
      await guardian.connect(council).pause(DAY - 1n);
      await networkHelpers.time.increaseTo(end - 1n);
      expect(await guardian.isPaused()).to.equal(true);
      await networkHelpers.time.increaseTo(end);
      expect(await guardian.isPaused()).to.equal(false);
    });

    it("when within all limits, pauses settlement until its end", async () => {
      const { guardian, council } = await networkHelpers.loadFixture(governanceFixture);
      expect(await guardian.isPaused()).to.equal(false);
      const start = BigInt(await networkHelpers.time.latest()) + 10n;
      await networkHelpers.time.setNextBlockTimestamp(start);
      await expect(guardian.connect(council).pause(DAY))
        .to.emit(guardian, "Paused")
        .withArgs(start + DAY);
      expect(await guardian.isPaused()).to.equal(true);
      await networkHelpers.time.increaseTo(start + DAY - 1n);
      expect(await guardian.isPaused()).to.equal(true);
      await networkHelpers.time.increaseTo(start + DAY);
      expect(await guardian.isPaused()).to.equal(false);
    });
  });

  describe("pausedUntil", () => {
    it("when nothing was paused, is zero; then the end of the newest pause, even after it", async () => {
      const { guardian, council, pauseAt } = await networkHelpers.loadFixture(pauseFixture);
      expect(await guardian.pausedUntil()).to.equal(0n);
      const start = await pauseAt(0n, WEEK);
      expect(await guardian.pausedUntil()).to.equal(start + WEEK);
      await networkHelpers.time.increaseTo(start + 2n * WEEK);
      expect(await guardian.pausedUntil()).to.equal(start + WEEK);
      const next = await pauseAt(3n * WEEK, DAY);
      await networkHelpers.time.setNextBlockTimestamp(next + 60n);
      await guardian.connect(council).resume();
      expect(await guardian.pausedUntil()).to.equal(next + 60n);
    });

    it("when another council takes office during a pause, the pause continues", async () => {
      const { guardian, council, alice, pauseAt } = await networkHelpers.loadFixture(pauseFixture);
      const start = await pauseAt(0n, WEEK);
      await guardian.connect(council).nameCouncil(alice);
      await guardian.connect(alice).acceptCouncil();
      expect(await guardian.pausedUntil()).to.equal(start + WEEK);
      expect(await guardian.isPaused()).to.equal(true);
    });

    it("when settlement calls isPaused, it reads one storage slot, shared with the council", async () => {
      const { guardian, council, pauseAt } = await networkHelpers.loadFixture(pauseFixture);
      const start = await pauseAt(0n, WEEK);
      const slot = BigInt(await ethers.provider.getStorage(guardian, 0n));
      expect(slot).to.equal(((start + WEEK) << 160n) | BigInt(council.address));
    });
  });

  describe("resume", () => {
    it("when no pause is underway, reverts", async () => {
      const { guardian, council, pauseAt } = await networkHelpers.loadFixture(pauseFixture);
      await expect(guardian.connect(council).resume()).to.be.revertedWithCustomError(
        guardian,
        "GuardianPauseNotUnderway",
      );
      const start = await pauseAt(0n, DAY);
      await networkHelpers.time.setNextBlockTimestamp(start + DAY);
      await expect(guardian.connect(council).resume()).to.be.revertedWithCustomError(
        guardian,
        "GuardianPauseNotUnderway",
      );
    });

    it("when a pause is underway, ends it and counts only the seconds paused", async () => {
      const { guardian, council, pauseAt } = await networkHelpers.loadFixture(pauseFixture);
      const start = await pauseAt(0n, WEEK);
      await networkHelpers.time.setNextBlockTimestamp(start + DAY);
      await expect(guardian.connect(council).resume())
        .to.emit(guardian, "Resumed")
        .withArgs(start + DAY);
      expect(await guardian.isPaused()).to.equal(false);
      for (const week of [10n, 20n, 30n, 40n]) await pauseAt(week * WEEK, WEEK);
      await expect(pauseAt(50n * WEEK, DAY + 1n))
        .to.be.revertedWithCustomError(guardian, "GuardianPauseLengthInvalid")
        .withArgs(DAY + 1n, DAY);
    });
  });

  describe("pausedFor", () => {
    it("when nothing was ever paused, is zero", async () => {
      const { guardian } = await networkHelpers.loadFixture(governanceFixture);
      expect(await guardian.pausedFor(0n, await networkHelpers.time.latest())).to.equal(0n);
    });

    it("when spans overlap pauses partly, wholly or not at all, counts the overlap", async () => {
      const { guardian, council, pauseAt } = await networkHelpers.loadFixture(pauseFixture);
      const start = await pauseAt(0n, WEEK);
      await pauseAt(2n * WEEK, WEEK);
      await networkHelpers.time.setNextBlockTimestamp(start + 2n * WEEK + DAY);
      await guardian.connect(council).resume();
      await networkHelpers.time.increaseTo(start + 10n * WEEK);
      const spans: [from: bigint, to: bigint, paused: bigint][] = [
        [-DAY, 0n, 0n],
        [-DAY, 1n, 1n],
        [DAY, 2n * DAY, DAY],
        [DAY, 2n * WEEK, WEEK - DAY],
        [WEEK, 2n * WEEK, 0n],
        [WEEK, 2n * WEEK + 60n, 60n],
        [-DAY, 10n * WEEK, WEEK + DAY],
        [2n * WEEK + DAY, 10n * WEEK, 0n],
      ];
      for (const [from, to, paused] of spans) {
        expect(await guardian.pausedFor(start + from, start + to)).to.equal(paused);
      }
    });

    it("when a pause is underway, counts its seconds up to now", async () => {
      const { guardian, pauseAt } = await networkHelpers.loadFixture(pauseFixture);
      const start = await pauseAt(0n, WEEK);
      await networkHelpers.time.increaseTo(start + 5n);
      expect(await guardian.pausedFor(start - 5n, start + 5n)).to.equal(5n);
    });
  });
});

/** `governanceFixture` with `pauseAt`: it pauses a given time after a fixed start. */
async function pauseFixture() {
  const fixture = await networkHelpers.loadFixture(governanceFixture);
  const { guardian, council } = fixture;
  const first = BigInt(await networkHelpers.time.latest()) + DAY;
  const pauseAt = async (after: bigint, duration: bigint) => {
    const now = BigInt(await networkHelpers.time.latest()) + 1n;
    const at = first + after > now ? first + after : now;
    await networkHelpers.time.setNextBlockTimestamp(at);
    await guardian.connect(council).pause(duration);
    return at;
  };
  return { ...fixture, pauseAt };
}

import { expect } from "chai";
import { DAY, ethers, networkHelpers } from "../grid.ts";
import { commonsFixture, EVIDENCE, fund, MilestoneStatus, RELEASE_PERIOD } from "./support.ts";

const MILLION = 1_000_000n;

/** A Commons with the limit of deployment, a million in vault 1, and the steward's milestone 1 for 900,000 of it. */
async function limitFixture() {
  const { token, governance, steward, successor, donor } = await networkHelpers.loadFixture(commonsFixture);
  const commons = await ethers.deployContract("Commons", [governance], governance);
  for (let i = 0; i < 2; i++) await commons.startProgramme(0n, steward, EVIDENCE, "");
  await fund(commons, donor, token);
  await commons.connect(donor).deposit(1n, token, MILLION);
  const approved = [1n, token, 900_000n, 0n, EVIDENCE] as const;
  await commons.connect(steward).proposeMilestone(...approved);
  const from = BigInt(await networkHelpers.time.latest()) + RELEASE_PERIOD;
  const release = () => commons.release(1n, ...approved);
  return { commons, token, steward, successor, donor, approved, from, release };
}

/** `limitFixture` after the first part was released. */
async function partFixture() {
  const fixture = await networkHelpers.loadFixture(limitFixture);
  await networkHelpers.time.increaseTo(fixture.from);
  await fixture.release();
  return { ...fixture, releasedAt: BigInt(await networkHelpers.time.latest()) };
}

describe("Commons, limits of releases", () => {
  describe("the time to stand", () => {
    it("when a milestone stood for a second less than 30 days, reverts", async () => {
      const { commons, from, release } = await networkHelpers.loadFixture(limitFixture);
      expect(await commons.releasableFrom(1n)).to.equal(from);
      await networkHelpers.time.setNextBlockTimestamp(from - 1n);
      await expect(release())
        .to.be.revertedWithCustomError(commons, "MilestoneNotReleasableYet")
        .withArgs(1n, from);
      await networkHelpers.time.setNextBlockTimestamp(from);
      await expect(release()).to.emit(commons, "MilestoneReleased");
    });

    it("when the steward changes from A to B to A, starts again", async () => {
      const { commons, steward, successor, from, release } = await networkHelpers.loadFixture(limitFixture);
      await networkHelpers.time.increaseTo(from - DAY);
      for (const account of [successor, steward]) await commons.setSteward(1n, account);
      const again = BigInt(await networkHelpers.time.latest()) + RELEASE_PERIOD;
      expect(await commons.releasableFrom(1n)).to.equal(again);
      await networkHelpers.time.setNextBlockTimestamp(again - 1n);
      await expect(release())
        .to.be.revertedWithCustomError(commons, "MilestoneNotReleasableYet")
        .withArgs(1n, again);
      await networkHelpers.time.setNextBlockTimestamp(again);
      await expect(release()).to.emit(commons, "MilestoneReleased");
    });

    it("when a steward proposes anew, the new milestone stands by itself", async () => {
      const { commons, steward, approved, from } = await networkHelpers.loadFixture(limitFixture);
      await networkHelpers.time.increaseTo(from);
      await commons.connect(steward).proposeMilestone(...approved);
      const later = BigInt(await networkHelpers.time.latest()) + RELEASE_PERIOD;
      await expect(commons.release(2n, ...approved))
        .to.be.revertedWithCustomError(commons, "MilestoneNotReleasableYet")
        .withArgs(2n, later);
    });
  });

  describe("releasable", () => {
    it("when nothing was released, is a quarter of the balance", async () => {
      const { commons, token, donor } = await networkHelpers.loadFixture(limitFixture);
      expect(await commons.releasable(1n, token)).to.equal(MILLION / 4n);
      await commons.connect(donor).deposit(1n, token, 3n);
      expect(await commons.releasable(1n, token)).to.equal(MILLION / 4n);
      expect(await commons.releasable(2n, token)).to.equal(0n);
      expect(await commons.releasable(1n, commons)).to.equal(0n);
    });

    it("when the limit is used up, comes back at a constant rate within 30 days", async () => {
      const { commons, token, releasedAt } = await networkHelpers.loadFixture(partFixture);
      expect(await commons.vaultOf(1n, token)).to.deep.equal([750_000n, 250_000n]);
      expect(await commons.releasable(1n, token)).to.equal(0n);
      for (const days of [6n, 15n, 30n, 300n]) {
        await networkHelpers.time.increaseTo(releasedAt + days * DAY);
        const part = days < 30n ? days : 30n;
        expect(await commons.releasable(1n, token), `${days} days`).to.equal((187_500n * part) / 30n);
      }
    });

    it("when one vault is used up, others are not", async () => {
      const { commons, token, donor } = await networkHelpers.loadFixture(partFixture);
      await commons.connect(donor).deposit(2n, token, 100n);
      expect(await commons.releasable(2n, token)).to.equal(25n);
    });

    it("when a deposit enters a vault that is used up, a later release may take its quarter, not more", async () => {
      const { commons, token, donor, releasedAt } = await networkHelpers.loadFixture(partFixture);
      await commons.connect(donor).deposit(1n, token, 250_000n);
      expect(await commons.releasable(1n, token)).to.be.below(10n);
      await networkHelpers.time.increaseTo(releasedAt + RELEASE_PERIOD);
      expect(await commons.releasable(1n, token)).to.equal(MILLION / 4n);
    });
  });

  describe("release", () => {
    it("when a milestone exceeds the limit, pays parts until all is paid, then never again", async () => {
      const { commons, token, steward, approved, release, donor } =
        await networkHelpers.loadFixture(partFixture);
      await expect(release())
        .to.be.revertedWithCustomError(commons, "VaultNothingReleasable")
        .withArgs(1n, await token.getAddress());
      await commons.connect(donor).deposit(1n, token, 300_000n);
      const parts = [];
      while ((await commons.milestoneOf(1n)).status === MilestoneStatus.Proposed) {
        await networkHelpers.time.increase(RELEASE_PERIOD);
        await release();
        parts.push((await commons.milestoneOf(1n)).released);
      }
      expect(parts).to.deep.equal([512_500n, 709_375n, 857_031n, 900_000n]);
      expect(await token.balanceOf(steward)).to.equal(900_000n);
      const { status, released } = await commons.milestoneOf(1n);
      expect([status, released]).to.deep.equal([MilestoneStatus.Released, 900_000n]);
      await expect(commons.release(1n, ...approved))
        .to.be.revertedWithCustomError(commons, "MilestoneStatusInvalid")
        .withArgs(1n, MilestoneStatus.Released);
    });

    it("when its steward withdraws it between two parts, the rest is never paid", async () => {
      const { commons, token, steward, release } = await networkHelpers.loadFixture(partFixture);
      await commons.connect(steward).withdrawMilestone(1n);
      await networkHelpers.time.increase(RELEASE_PERIOD);
      await expect(release())
        .to.be.revertedWithCustomError(commons, "MilestoneStatusInvalid")
        .withArgs(1n, MilestoneStatus.Withdrawn);
      expect(await token.balanceOf(steward)).to.equal(250_000n);
    });

    it("when the limit is used every day, takes less in a month than all at once", async () => {
      const { commons, token, release } = await networkHelpers.loadFixture(partFixture);
      const { balance: before } = await commons.vaultOf(1n, token);
      for (let i = 0; i < 30; i++) {
        await networkHelpers.time.increase(DAY);
        await release();
      }
      const { balance } = await commons.vaultOf(1n, token);
      expect(Number(before - balance) / Number(before)).to.be.within(0.22, 0.23);
    });
  });

  describe("setReleaseLimit", () => {
    it("when the limit is out of range, reverts", async () => {
      const { commons } = await networkHelpers.loadFixture(limitFixture);
      const [min, max] = [await commons.MIN_RELEASE_LIMIT(), await commons.MAX_RELEASE_LIMIT()];
      expect([min, max]).to.deep.equal([500n, 5_000n]);
      for (const bps of [0n, 499n, 5_001n, 65_535n]) {
        await expect(commons.setReleaseLimit(bps))
          .to.be.revertedWithCustomError(commons, "ReleaseLimitOutOfRange")
          .withArgs(bps, min, max);
      }
    });

    it("when it is raised, comes into effect after 30 days", async () => {
      const { commons, token } = await networkHelpers.loadFixture(limitFixture);
      expect(await commons.RELEASE_PERIOD()).to.equal(RELEASE_PERIOD);
      expect(await commons.releaseLimit()).to.equal(2_500n);
      const from = BigInt(await networkHelpers.time.latest()) + 10n + RELEASE_PERIOD;
      await networkHelpers.time.setNextBlockTimestamp(from - RELEASE_PERIOD);
      await expect(commons.setReleaseLimit(5_000n))
        .to.emit(commons, "ReleaseLimitSet")
        .withArgs(5_000n, from);
      await networkHelpers.time.increaseTo(from - 1n);
      expect(await commons.releaseLimit()).to.equal(2_500n);
      await networkHelpers.time.increaseTo(from);
      expect(await commons.releaseLimit()).to.equal(5_000n);
      expect(await commons.releasable(1n, token)).to.equal(MILLION / 2n);
    });

    it("when it is cut, comes into effect at once, and replaces a raise to come", async () => {
      const { commons, token } = await networkHelpers.loadFixture(limitFixture);
      await commons.setReleaseLimit(5_000n);
      const now = BigInt(await networkHelpers.time.latest()) + 10n;
      await networkHelpers.time.setNextBlockTimestamp(now);
      await expect(commons.setReleaseLimit(500n)).to.emit(commons, "ReleaseLimitSet").withArgs(500n, now);
      expect(await commons.releasable(1n, token)).to.equal(MILLION / 20n);
      await networkHelpers.time.increase(2n * RELEASE_PERIOD);
      expect(await commons.releaseLimit()).to.equal(500n);
    });

    it("when a raise is set again before its time, its time starts again", async () => {
      const { commons } = await networkHelpers.loadFixture(limitFixture);
      await commons.setReleaseLimit(5_000n);
      await networkHelpers.time.increase(RELEASE_PERIOD - DAY);
      await commons.setReleaseLimit(4_000n);
      await networkHelpers.time.increase(2n * DAY);
      expect(await commons.releaseLimit()).to.equal(2_500n);
    });

    it("when a cut follows a release, the use of the limit still ends after 30 days", async () => {
      const { commons, token, releasedAt } = await networkHelpers.loadFixture(partFixture);
      await commons.setReleaseLimit(500n);
      await networkHelpers.time.increaseTo(releasedAt + RELEASE_PERIOD);
      expect(await commons.releasable(1n, token)).to.equal(37_500n);
    });
  });
});

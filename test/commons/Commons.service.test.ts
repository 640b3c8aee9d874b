import { expect } from "chai";
import { ethers, networkHelpers, registration } from "../grid.ts";
import { earners } from "../settlement/support.ts";
import {
  commonsFixture,
  EVIDENCE,
  fund,
  MilestoneStatus,
  ProgrammeKind,
  RELEASE_PERIOD,
  serviceFixture,
} from "./support.ts";

type Fixture = Awaited<ReturnType<typeof serviceFixture>>;

/** Proposes a milestone of service programme 2, and lets it stand. Returns the arguments of its `release`. */
async function proposeService(
  { commons, otherSteward }: Fixture,
  token: { getAddress(): Promise<string> },
  amount: bigint,
  capsuleId: bigint,
) {
  const approved = [2n, await token.getAddress(), amount, capsuleId, EVIDENCE] as const;
  await commons.connect(otherSteward).proposeMilestone(...approved);
  await networkHelpers.time.increase(RELEASE_PERIOD);
  return [await commons.lastMilestoneId(), ...approved] as const;
}

describe("Commons services", () => {
  describe("setRouter", () => {
    it("when the caller has no admin role, reverts", async () => {
      const { commons, steward, token } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.connect(steward).setRouter(token))
        .to.be.revertedWithCustomError(commons, "AccessControlUnauthorizedAccount")
        .withArgs(steward.address, ethers.ZeroHash);
    });

    it("when the router is zero, reverts", async () => {
      const { commons } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.setRouter(ethers.ZeroAddress)).to.be.revertedWithCustomError(
        commons,
        "CommonsRouterZero",
      );
    });

    it("when governance sets it, is set permanently", async () => {
      const { commons, token, donor } = await networkHelpers.loadFixture(commonsFixture);
      const address = await token.getAddress();
      expect(await commons.router()).to.equal(ethers.ZeroAddress);
      await expect(commons.setRouter(token)).to.emit(commons, "RouterSet").withArgs(address);
      expect(await commons.router()).to.equal(address);
      await expect(commons.setRouter(donor))
        .to.be.revertedWithCustomError(commons, "CommonsRouterAlreadySet")
        .withArgs(address);
    });
  });

  describe("proposeMilestone", () => {
    it("when a service names no capsule, reverts", async () => {
      const { commons, token, otherSteward } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.connect(otherSteward).proposeMilestone(2n, token, 1n, 0n, ethers.ZeroHash))
        .to.be.revertedWithCustomError(commons, "MilestoneCapsuleMismatch")
        .withArgs(ProgrammeKind.Service, 0n);
    });

    it("when research names a capsule, reverts", async () => {
      const { commons, token, steward } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.connect(steward).proposeMilestone(1n, token, 1n, 7n, ethers.ZeroHash))
        .to.be.revertedWithCustomError(commons, "MilestoneCapsuleMismatch")
        .withArgs(ProgrammeKind.Research, 7n);
    });

    it("when a service names a capsule, stores its full id", async () => {
      const { commons, token, otherSteward } = await networkHelpers.loadFixture(commonsFixture);
      const capsuleId = 2n ** 64n - 1n;
      const address = await token.getAddress();
      await expect(commons.connect(otherSteward).proposeMilestone(2n, token, 1n, capsuleId, EVIDENCE))
        .to.emit(commons, "MilestoneProposed")
        .withArgs(1n, 2n, otherSteward.address, address, 1n, capsuleId, EVIDENCE);
      expect(await commons.milestoneOf(1n)).to.deep.equal([
        address,
        2n,
        MilestoneStatus.Proposed,
        otherSteward.address,
        capsuleId,
        1n,
        BigInt(await networkHelpers.time.latest()),
        EVIDENCE,
        0n,
      ]);
    });
  });

  describe("release", () => {
    it("when no router is set yet, reverts and keeps the milestone proposed", async () => {
      const { commons, token, donor, otherSteward } = await networkHelpers.loadFixture(commonsFixture);
      await commons.connect(donor).deposit(2n, token, 10n);
      const approved = [2n, token, 10n, 1n, EVIDENCE] as const;
      await commons.connect(otherSteward).proposeMilestone(...approved);
      await networkHelpers.time.increase(RELEASE_PERIOD);
      await expect(commons.release(1n, ...approved))
        .to.be.revertedWithCustomError(token, "ERC20InvalidSpender")
        .withArgs(ethers.ZeroAddress);
      expect((await commons.milestoneOf(1n)).status).to.equal(MilestoneStatus.Proposed);
    });

    it("when another capsule or none was approved, reverts", async () => {
      const { commons, token } = await networkHelpers.loadFixture(serviceFixture);
      for (const capsuleId of [0n, 2n]) {
        await expect(commons.release(1n, 2n, token, 1_001n, capsuleId, EVIDENCE))
          .to.be.revertedWithCustomError(commons, "MilestoneNotAsApproved")
          .withArgs(1n);
      }
    });

    it("when the steward was replaced, reverts, even though a service does not pay it", async () => {
      const { commons, successor, approved } = await networkHelpers.loadFixture(serviceFixture);
      await commons.setSteward(2n, successor);
      await expect(commons.release(1n, ...approved))
        .to.be.revertedWithCustomError(commons, "MilestoneStewardReplaced")
        .withArgs(1n, successor.address);
    });

    it("when the capsule does not exist, reverts and the vault keeps the money", async () => {
      const fixture = await networkHelpers.loadFixture(serviceFixture);
      const { commons, capsules, token } = fixture;
      const milestone = await proposeService(fixture, token, 10n, 2n);
      await expect(commons.release(...milestone))
        .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
        .withArgs(2n);
      expect(await commons.vaultOf(2n, token)).to.deep.equal([5_000n, 0n]);
    });

    it("when governance releases it, pays the router and leaves no allowance", async () => {
      const { commons, router, token, otherSteward, approved } =
        await networkHelpers.loadFixture(serviceFixture);
      const address = await token.getAddress();
      const release = () => commons.release(1n, ...approved);
      await expect(release()).to.changeTokenBalances(
        ethers,
        token,
        [commons, router, otherSteward],
        [-1_001n, 1_001n, 0n],
      );
      const [released] = await commons.queryFilter(commons.filters.MilestoneReleased());
      expect(released?.args).to.deep.equal([1n, 2n, otherSteward.address, address, 1_001n, 1n]);
      const [paid] = await router.queryFilter(router.filters.Paid());
      expect(paid?.args).to.deep.equal([1n, await commons.getAddress(), address, 1n, 1_001n]);
      expect(await commons.vaultOf(2n, token)).to.deep.equal([3_999n, 1_001n]);
      expect(await commons.inVaults(token)).to.equal(3_999n);
      expect(await commons.unassigned(token)).to.equal(0n);
      expect(await token.allowance(commons, router)).to.equal(0n);
      await expect(release())
        .to.be.revertedWithCustomError(commons, "MilestoneStatusInvalid")
        .withArgs(1n, MilestoneStatus.Released);
    });

    it("when its earners claim, they get 40/30/20/10, the champion the compute leg", async () => {
      const { commons, router, token, dataOwner, modelOwner, champion, approved } =
        await networkHelpers.loadFixture(serviceFixture);
      await commons.release(1n, ...approved);
      await expect(router.claim([await earners(token, [0n, 4n])])).to.changeTokenBalances(
        ethers,
        token,
        [dataOwner, modelOwner, champion, commons, router],
        [401n, 300n, 200n, 100n, -1_001n],
      );
      expect(await commons.unassigned(token)).to.equal(100n);
      expect(await commons.vaultOf(2n, token)).to.deep.equal([3_999n, 1_001n]);
    });

    it("when the capsule has no rows, its owner earns all but the platform's share", async () => {
      const fixture = await networkHelpers.loadFixture(serviceFixture);
      const { commons, capsules, router, token, champion } = fixture;
      await capsules.register(champion, registration());
      await commons.release(...(await proposeService(fixture, token, 1_001n, 2n)));
      const range = await earners(token, [0n, 4n], { capsuleId: 2n });
      await expect(router.claim([range])).to.changeTokenBalances(
        ethers,
        token,
        [champion, commons],
        [901n, 100n],
      );
    });

    for (const [habit, deploy] of [
      ["does not decrease allowances", () => ethers.deployContract("UncountingToken")],
      ["reverts on approve(0)", () => ethers.deployContract("NoZeroApprovalToken")],
      ["returns nothing", () => ethers.deployContract("SilentToken")],
    ] as const) {
      it(`when the token ${habit}, pays and leaves no allowance`, async () => {
        const fixture = await networkHelpers.loadFixture(serviceFixture);
        const { commons, router, donor } = fixture;
        const token = await deploy();
        await fund(commons, donor, token);
        await commons.connect(donor).deposit(2n, token, 20n);
        await commons.release(...(await proposeService(fixture, token, 10n, 1n)));
        expect(await token.balanceOf(router)).to.equal(10n);
        expect(await token.allowance(commons, router)).to.equal(0n);
      });
    }

    it("when the token takes a fee, reverts and the vault keeps the money", async () => {
      const fixture = await networkHelpers.loadFixture(serviceFixture);
      const { commons, router } = fixture;
      const token = await ethers.deployContract("FeeToken");
      await token.mint(commons, 2_000n);
      await commons.assign(2n, token, 2_000n);
      const milestone = await proposeService(fixture, token, 1_000n, 1n);
      await expect(commons.release(...milestone))
        .to.be.revertedWithCustomError(router, "TransferAmountMismatch")
        .withArgs(await token.getAddress(), 1_000n, 990n);
      expect((await commons.milestoneOf(2n)).status).to.equal(MilestoneStatus.Proposed);
      expect(await commons.vaultOf(2n, token)).to.deep.equal([2_000n, 0n]);
      expect(await token.allowance(commons, router)).to.equal(0n);
    });
  });

  describe("the platform's share", () => {
    it("when the router pays it to the Commons, governance assigns it to a vault for milestones", async () => {
      const { commons, router, token, donor, steward } = await networkHelpers.loadFixture(serviceFixture);
      await token.connect(donor).approve(router, 1_000n);
      await router.connect(donor).pay(1n, token, 1_000n, "0x");
      await router.claim([await earners(token, [0n, 1n])]);
      expect(await commons.unassigned(token)).to.equal(100n);
      const approved = [1n, token, 50n, 0n, EVIDENCE] as const;
      await commons.connect(steward).proposeMilestone(...approved);
      await networkHelpers.time.increase(RELEASE_PERIOD);
      await expect(commons.release(2n, ...approved))
        .to.be.revertedWithCustomError(commons, "VaultNothingReleasable")
        .withArgs(1n, await token.getAddress());
      await commons.assign(1n, token, 100n);
      await expect(commons.release(2n, ...approved)).to.changeTokenBalances(
        ethers,
        token,
        [commons, steward],
        [-50n, 50n],
      );
      expect(await commons.vaultOf(1n, token)).to.deep.equal([50n, 50n]);
      expect(await commons.unassigned(token)).to.equal(0n);
    });
  });
});

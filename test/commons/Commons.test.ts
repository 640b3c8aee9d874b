import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import {
  commonsFixture,
  EVIDENCE,
  fund,
  METADATA,
  MilestoneStatus,
  milestoneFixture,
  ProgrammeKind,
  RELEASE_PERIOD,
} from "./support.ts";

const UINT128_MAX = 2n ** 128n - 1n;

describe("Commons", () => {
  describe("startProgramme", () => {
    it("when the steward is zero, reverts", async () => {
      const { commons } = await networkHelpers.loadFixture(commonsFixture);
      await expect(
        commons.startProgramme(ProgrammeKind.Service, ethers.ZeroAddress, METADATA.hash, METADATA.uri),
      ).to.be.revertedWithCustomError(commons, "ProgrammeStewardZero");
    });

    it("when governance starts one, stores kind and steward", async () => {
      const { commons, steward } = await networkHelpers.loadFixture(commonsFixture);
      const args = [ProgrammeKind.Service, steward, METADATA.hash, METADATA.uri] as const;
      expect(await commons.lastProgrammeId()).to.equal(2n);
      expect(await commons.startProgramme.staticCall(...args)).to.equal(3n);
      await expect(commons.startProgramme(...args))
        .to.emit(commons, "ProgrammeStarted")
        .withArgs(3n, ProgrammeKind.Service, steward.address, METADATA.hash, METADATA.uri);
      const now = BigInt(await networkHelpers.time.latest());
      expect(await commons.programmeOf(3n)).to.deep.equal([ProgrammeKind.Service, steward.address, now]);
      const { kind, steward: first } = await commons.programmeOf(1n);
      expect([kind, first]).to.deep.equal([ProgrammeKind.Research, steward.address]);
      expect(await commons.lastProgrammeId()).to.equal(3n);
    });
  });

  describe("setSteward", () => {
    it("when the programme does not exist, reverts", async () => {
      const { commons } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.setSteward(3n, ethers.ZeroAddress))
        .to.be.revertedWithCustomError(commons, "ProgrammeNonexistent")
        .withArgs(3n);
    });

    it("when the new steward is zero, reverts", async () => {
      const { commons } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.setSteward(1n, ethers.ZeroAddress)).to.be.revertedWithCustomError(
        commons,
        "ProgrammeStewardZero",
      );
    });

    it("when governance replaces a steward, the vault stays and only the successor proposes", async () => {
      const { commons, token, steward, successor, approved } =
        await networkHelpers.loadFixture(milestoneFixture);
      await expect(commons.setSteward(1n, successor))
        .to.emit(commons, "StewardSet")
        .withArgs(1n, successor.address);
      const now = BigInt(await networkHelpers.time.latest());
      expect(await commons.programmeOf(1n)).to.deep.equal([ProgrammeKind.Research, successor.address, now]);
      expect(await commons.vaultOf(1n, token)).to.deep.equal([1_000n, 0n]);
      await expect(commons.connect(steward).proposeMilestone(...approved))
        .to.be.revertedWithCustomError(commons, "CallerNotSteward")
        .withArgs(1n, steward.address);
      await commons.connect(successor).proposeMilestone(...approved);
      await networkHelpers.time.increase(RELEASE_PERIOD);
      await commons.release(2n, ...approved);
      expect(await token.balanceOf(successor)).to.equal(400n);
    });
  });

  describe("deposit", () => {
    it("when the programme does not exist, reverts", async () => {
      const { commons, token, donor } = await networkHelpers.loadFixture(commonsFixture);
      for (const id of [0n, 3n]) {
        await expect(commons.connect(donor).deposit(id, token, 0n))
          .to.be.revertedWithCustomError(commons, "ProgrammeNonexistent")
          .withArgs(id);
      }
    });

    it("when the amount is zero, reverts", async () => {
      const { commons, donor } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.connect(donor).deposit(1n, donor.address, 0n)).to.be.revertedWithCustomError(
        commons,
        "VaultAmountZero",
      );
    });

    it("when the token is not a contract, reverts", async () => {
      const { commons, donor } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.connect(donor).deposit(1n, donor.address, 1n))
        .to.be.revertedWithCustomError(commons, "VaultTokenNotContract")
        .withArgs(donor.address);
    });

    it("when allowance or balance is too low, reverts with the token's error", async () => {
      const { commons, token, donor, stranger } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.connect(stranger).deposit(1n, token, 1n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await commons.getAddress(), 0n, 1n);
      const balance = await token.balanceOf(donor);
      await expect(commons.connect(donor).deposit(1n, token, balance + 1n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(donor.address, balance, balance + 1n);
    });

    it("when the token takes a fee, reverts", async () => {
      const { commons, donor } = await networkHelpers.loadFixture(commonsFixture);
      const token = await ethers.deployContract("FeeToken");
      await fund(commons, donor, token);
      await expect(commons.connect(donor).deposit(1n, token, 1_000n))
        .to.be.revertedWithCustomError(commons, "TransferAmountMismatch")
        .withArgs(await token.getAddress(), 1_000n, 990n);
    });

    it("when the token returns true without a transfer, reverts", async () => {
      const { commons, donor } = await networkHelpers.loadFixture(commonsFixture);
      const token = await ethers.deployContract("LyingToken");
      await expect(commons.connect(donor).deposit(1n, token, 1_000n))
        .to.be.revertedWithCustomError(commons, "TransferAmountMismatch")
        .withArgs(await token.getAddress(), 1_000n, 0n);
    });

    it("when the token returns false, reverts", async () => {
      const { commons, donor } = await networkHelpers.loadFixture(commonsFixture);
      const token = await ethers.deployContract("FalseToken");
      await fund(commons, donor, token);
      await token.breakDown();
      await expect(commons.connect(donor).deposit(1n, token, 1_000n))
        .to.be.revertedWithCustomError(commons, "SafeERC20FailedOperation")
        .withArgs(await token.getAddress());
    });

    it("when the token returns nothing, deposits", async () => {
      const { commons, donor } = await networkHelpers.loadFixture(commonsFixture);
      const token = await ethers.deployContract("SilentToken");
      await fund(commons, donor, token);
      await commons.connect(donor).deposit(1n, token, 1_000n);
      expect(await commons.vaultOf(1n, token)).to.deep.equal([1_000n, 0n]);
    });

    it("when anyone pays, credits this vault only", async () => {
      const { commons, token, donor } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.connect(donor).deposit(1n, token, 300n))
        .to.emit(commons, "VaultFunded")
        .withArgs(1n, await token.getAddress(), donor.address, 300n);
      await commons.connect(donor).deposit(1n, token, 5n);
      await commons.connect(donor).deposit(2n, token, 40n);
      expect(await commons.vaultOf(1n, token)).to.deep.equal([305n, 0n]);
      expect(await commons.vaultOf(2n, token)).to.deep.equal([40n, 0n]);
      expect(await commons.vaultOf(1n, commons)).to.deep.equal([0n, 0n]);
      expect(await commons.inVaults(token)).to.equal(345n);
      expect(await commons.unassigned(token)).to.equal(0n);
      expect(await token.balanceOf(commons)).to.equal(345n);
    });
  });

  describe("assign", () => {
    it("when programme, amount or token is invalid, reverts", async () => {
      const { commons, token, donor } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.assign(3n, token, 0n))
        .to.be.revertedWithCustomError(commons, "ProgrammeNonexistent")
        .withArgs(3n);
      await expect(commons.assign(1n, donor, 0n)).to.be.revertedWithCustomError(commons, "VaultAmountZero");
      await expect(commons.assign(1n, donor, 1n))
        .to.be.revertedWithCustomError(commons, "VaultTokenNotContract")
        .withArgs(donor.address);
    });

    it("when the amount exceeds the unassigned balance, reverts: vaults are untouched", async () => {
      const { commons, token, donor } = await networkHelpers.loadFixture(milestoneFixture);
      await token.connect(donor).transfer(commons, 70n);
      await expect(commons.assign(2n, token, 71n))
        .to.be.revertedWithCustomError(commons, "UnassignedInsufficientBalance")
        .withArgs(await token.getAddress(), 70n, 71n);
    });

    it("when a token's balance shrinks below the vaults, nothing is unassigned", async () => {
      const { commons, donor } = await networkHelpers.loadFixture(commonsFixture);
      const token = await ethers.deployContract("RebasingToken");
      await fund(commons, donor, token);
      await commons.connect(donor).deposit(1n, token, 100n);
      await token.shrink(commons, 1n);
      expect(await commons.unassigned(token)).to.equal(0n);
      await expect(commons.assign(2n, token, 1n))
        .to.be.revertedWithCustomError(commons, "UnassignedInsufficientBalance")
        .withArgs(await token.getAddress(), 0n, 1n);
    });

    it("when governance assigns unassigned tokens, credits the vault", async () => {
      const { commons, token, donor } = await networkHelpers.loadFixture(milestoneFixture);
      await token.connect(donor).transfer(commons, 70n);
      expect(await commons.unassigned(token)).to.equal(70n);
      await expect(commons.assign(2n, token, 60n))
        .to.emit(commons, "VaultAssigned")
        .withArgs(2n, await token.getAddress(), 60n);
      expect(await commons.vaultOf(2n, token)).to.deep.equal([60n, 0n]);
      expect(await commons.vaultOf(1n, token)).to.deep.equal([1_000n, 0n]);
      expect(await commons.inVaults(token)).to.equal(1_060n);
      expect(await commons.unassigned(token)).to.equal(10n);
    });
  });

  describe("proposeMilestone", () => {
    it("when the programme does not exist, reverts", async () => {
      const { commons, token, steward } = await networkHelpers.loadFixture(commonsFixture);
      await expect(commons.connect(steward).proposeMilestone(3n, token, 0n, 0n, EVIDENCE))
        .to.be.revertedWithCustomError(commons, "ProgrammeNonexistent")
        .withArgs(3n);
    });

    it("when the caller is not the steward, even governance, reverts", async () => {
      const { commons, token, governance, otherSteward, stranger } =
        await networkHelpers.loadFixture(commonsFixture);
      for (const caller of [governance, otherSteward, stranger]) {
        await expect(commons.connect(caller).proposeMilestone(1n, token, 0n, 0n, EVIDENCE))
          .to.be.revertedWithCustomError(commons, "CallerNotSteward")
          .withArgs(1n, caller.address);
      }
    });

    it("when amount, token or evidence is missing, reverts", async () => {
      const { commons, token, steward } = await networkHelpers.loadFixture(commonsFixture);
      const asSteward = commons.connect(steward);
      await expect(
        asSteward.proposeMilestone(1n, steward, 0n, 1n, ethers.ZeroHash),
      ).to.be.revertedWithCustomError(commons, "VaultAmountZero");
      await expect(asSteward.proposeMilestone(1n, steward, 1n, 1n, ethers.ZeroHash))
        .to.be.revertedWithCustomError(commons, "VaultTokenNotContract")
        .withArgs(steward.address);
      await expect(
        asSteward.proposeMilestone(1n, token, 1n, 0n, ethers.ZeroHash),
      ).to.be.revertedWithCustomError(commons, "MilestoneEvidenceZero");
    });

    it("when the steward proposes, stores the milestone, at any vault balance", async () => {
      const { commons, token, steward } = await networkHelpers.loadFixture(commonsFixture);
      const args = [1n, token, UINT128_MAX, 0n, EVIDENCE] as const;
      expect(await commons.lastMilestoneId()).to.equal(0n);
      expect(await commons.connect(steward).proposeMilestone.staticCall(...args)).to.equal(1n);
      await expect(commons.connect(steward).proposeMilestone(...args))
        .to.emit(commons, "MilestoneProposed")
        .withArgs(1n, 1n, steward.address, await token.getAddress(), UINT128_MAX, 0n, EVIDENCE);
      expect(await commons.milestoneOf(1n)).to.deep.equal([
        await token.getAddress(),
        1n,
        MilestoneStatus.Proposed,
        steward.address,
        0n,
        UINT128_MAX,
        BigInt(await networkHelpers.time.latest()),
        EVIDENCE,
        0n,
      ]);
      expect(await commons.lastMilestoneId()).to.equal(1n);
    });
  });

  describe("withdrawMilestone", () => {
    it("when the milestone does not exist, reverts", async () => {
      const { commons, steward } = await networkHelpers.loadFixture(milestoneFixture);
      for (const id of [0n, 2n]) {
        await expect(commons.connect(steward).withdrawMilestone(id))
          .to.be.revertedWithCustomError(commons, "MilestoneNonexistent")
          .withArgs(id);
      }
    });

    it("when the caller is not its proposer, even governance or the next steward, reverts", async () => {
      const { commons, governance, successor } = await networkHelpers.loadFixture(milestoneFixture);
      await commons.setSteward(1n, successor);
      for (const caller of [governance, successor]) {
        await expect(commons.connect(caller).withdrawMilestone(1n))
          .to.be.revertedWithCustomError(commons, "CallerNotMilestoneSteward")
          .withArgs(1n, caller.address);
      }
    });

    it("when its proposer withdraws it, it cannot be released or withdrawn again", async () => {
      const { commons, steward, approved } = await networkHelpers.loadFixture(milestoneFixture);
      await expect(commons.connect(steward).withdrawMilestone(1n))
        .to.emit(commons, "MilestoneWithdrawn")
        .withArgs(1n);
      expect((await commons.milestoneOf(1n)).status).to.equal(MilestoneStatus.Withdrawn);
      const calls = [
        () => commons.connect(steward).withdrawMilestone(1n),
        () => commons.release(1n, ...approved),
      ];
      for (const call of calls) {
        await expect(call())
          .to.be.revertedWithCustomError(commons, "MilestoneStatusInvalid")
          .withArgs(1n, MilestoneStatus.Withdrawn);
      }
    });
  });

  describe("release", () => {
    it("when the milestone does not exist, reverts", async () => {
      const { commons, approved } = await networkHelpers.loadFixture(milestoneFixture);
      await expect(commons.release(2n, ...approved))
        .to.be.revertedWithCustomError(commons, "MilestoneNonexistent")
        .withArgs(2n);
    });

    it("when any approved value differs, reverts", async () => {
      const { commons, token, approved } = await networkHelpers.loadFixture(milestoneFixture);
      const [id, , amount, , evidence] = approved;
      const others = [
        [2n, token, amount, 0n, evidence],
        [id, commons, amount, 0n, evidence],
        [id, token, amount - 1n, 0n, evidence],
        [id, token, amount, 1n, evidence],
        [id, token, amount, 0n, ethers.id("other evidence")],
      ] as const;
      for (const other of others) {
        await expect(commons.release(1n, ...other))
          .to.be.revertedWithCustomError(commons, "MilestoneNotAsApproved")
          .withArgs(1n);
      }
    });

    it("when its proposer was replaced, reverts until it is steward again for 30 days", async () => {
      const { commons, token, steward, successor, approved } =
        await networkHelpers.loadFixture(milestoneFixture);
      await commons.setSteward(1n, successor);
      await expect(commons.release(1n, ...approved))
        .to.be.revertedWithCustomError(commons, "MilestoneStewardReplaced")
        .withArgs(1n, successor.address);
      await commons.setSteward(1n, steward);
      await networkHelpers.time.increase(RELEASE_PERIOD);
      await commons.release(1n, ...approved);
      expect(await token.balanceOf(steward)).to.equal(400n);
      expect(await token.balanceOf(successor)).to.equal(0n);
    });

    it("when the vault holds less, pays a part from this vault, even if other vaults hold enough", async () => {
      const { commons, token, donor, steward } = await networkHelpers.loadFixture(milestoneFixture);
      await commons.connect(donor).deposit(2n, token, 5_000n);
      await token.connect(donor).transfer(commons, 5_000n);
      const approved = [1n, token, 1_001n, 0n, EVIDENCE] as const;
      await commons.connect(steward).proposeMilestone(...approved);
      await networkHelpers.time.increase(RELEASE_PERIOD);
      await expect(commons.release(2n, ...approved))
        .to.emit(commons, "MilestoneReleased")
        .withArgs(2n, 1n, steward.address, await token.getAddress(), 500n, 0n);
      expect(await commons.vaultOf(1n, token)).to.deep.equal([500n, 500n]);
      expect(await commons.vaultOf(2n, token)).to.deep.equal([5_000n, 0n]);
      const { status, released } = await commons.milestoneOf(2n);
      expect([status, released]).to.deep.equal([MilestoneStatus.Proposed, 500n]);
    });

    it("when governance releases it, pays the steward", async () => {
      const { commons, token, steward, approved } = await networkHelpers.loadFixture(milestoneFixture);
      await expect(commons.release(1n, ...approved))
        .to.emit(commons, "MilestoneReleased")
        .withArgs(1n, 1n, steward.address, await token.getAddress(), 400n, 0n);
      expect(await token.balanceOf(steward)).to.equal(400n);
      expect(await commons.vaultOf(1n, token)).to.deep.equal([600n, 400n]);
      expect(await commons.inVaults(token)).to.equal(600n);
      expect((await commons.milestoneOf(1n)).status).to.equal(MilestoneStatus.Released);
    });

    it("when already released, reverts", async () => {
      const { commons, steward, approved } = await networkHelpers.loadFixture(milestoneFixture);
      await commons.release(1n, ...approved);
      const calls = [
        () => commons.release(1n, ...approved),
        () => commons.connect(steward).withdrawMilestone(1n),
      ];
      for (const call of calls) {
        await expect(call())
          .to.be.revertedWithCustomError(commons, "MilestoneStatusInvalid")
          .withArgs(1n, MilestoneStatus.Released);
      }
    });

    it("when two milestones take as much as the limit, the second waits for the rest of it", async () => {
      const { commons, token, steward, approved } = await networkHelpers.loadFixture(milestoneFixture);
      const rest = [1n, token, 100n, 0n, ethers.id("the rest")] as const;
      await commons.connect(steward).proposeMilestone(...rest);
      await networkHelpers.time.increase(RELEASE_PERIOD);
      await commons.release(1n, ...approved);
      await commons.release(2n, ...rest);
      const paid = await token.balanceOf(steward);
      expect(paid).to.be.within(450n, 499n);
      await networkHelpers.time.increase(RELEASE_PERIOD);
      await commons.release(2n, ...rest);
      expect(await commons.vaultOf(1n, token)).to.deep.equal([500n, 500n]);
      expect(await token.balanceOf(steward)).to.equal(500n);
    });

    it("when the token returns false, reverts and keeps the milestone proposed", async () => {
      const { commons, donor, steward } = await networkHelpers.loadFixture(commonsFixture);
      const token = await ethers.deployContract("FalseToken");
      await fund(commons, donor, token);
      await commons.connect(donor).deposit(1n, token, 10n);
      const approved = [1n, token, 10n, 0n, EVIDENCE] as const;
      await commons.connect(steward).proposeMilestone(...approved);
      await networkHelpers.time.increase(RELEASE_PERIOD);
      await token.breakDown();
      await expect(commons.release(1n, ...approved))
        .to.be.revertedWithCustomError(commons, "SafeERC20FailedOperation")
        .withArgs(await token.getAddress());
      expect((await commons.milestoneOf(1n)).status).to.equal(MilestoneStatus.Proposed);
      expect(await commons.vaultOf(1n, token)).to.deep.equal([10n, 0n]);
    });

    it("when the token blocks the steward, the successor can be paid", async () => {
      const { commons, donor, steward, successor } = await networkHelpers.loadFixture(commonsFixture);
      const token = await ethers.deployContract("BlocklistToken");
      await fund(commons, donor, token);
      await commons.connect(donor).deposit(1n, token, 20n);
      const approved = [1n, token, 10n, 0n, EVIDENCE] as const;
      await commons.connect(steward).proposeMilestone(...approved);
      await networkHelpers.time.increase(RELEASE_PERIOD);
      await token.setBlocked(steward, true);
      await expect(commons.release(1n, ...approved))
        .to.be.revertedWithCustomError(token, "AccountBlocked")
        .withArgs(steward.address);
      await commons.setSteward(1n, successor);
      await commons.connect(successor).proposeMilestone(...approved);
      await networkHelpers.time.increase(RELEASE_PERIOD);
      await commons.release(2n, ...approved);
      expect(await token.balanceOf(successor)).to.equal(10n);
    });
  });

  describe("programmeOf and milestoneOf", () => {
    it("when it does not exist, revert", async () => {
      const { commons } = await networkHelpers.loadFixture(milestoneFixture);
      for (const id of [0n, 3n]) {
        await expect(commons.programmeOf(id))
          .to.be.revertedWithCustomError(commons, "ProgrammeNonexistent")
          .withArgs(id);
        for (const read of [() => commons.milestoneOf(id), () => commons.releasableFrom(id)]) {
          await expect(read()).to.be.revertedWithCustomError(commons, "MilestoneNonexistent").withArgs(id);
        }
      }
    });
  });

  describe("roles", () => {
    it("when the caller of a governance function has no admin role, even a steward, reverts", async () => {
      const { commons, token, steward, approved } = await networkHelpers.loadFixture(milestoneFixture);
      const asSteward = commons.connect(steward);
      const calls = [
        () => asSteward.startProgramme(0n, steward, METADATA.hash, METADATA.uri),
        () => asSteward.setSteward(1n, steward),
        () => asSteward.assign(1n, token, 1n),
        () => asSteward.release(1n, ...approved),
        () => asSteward.setReleaseLimit(500n),
        () => asSteward.grantRole(ethers.ZeroHash, steward),
        () => asSteward.revokeRole(ethers.ZeroHash, steward),
      ];
      for (const call of calls) {
        await expect(call())
          .to.be.revertedWithCustomError(commons, "AccessControlUnauthorizedAccount")
          .withArgs(steward.address, ethers.ZeroHash);
      }
    });

    it("when somebody renounces for somebody else, reverts", async () => {
      const { commons, governance, steward } = await networkHelpers.loadFixture(milestoneFixture);
      await expect(
        commons.connect(steward).renounceRole(ethers.ZeroHash, governance),
      ).to.be.revertedWithCustomError(commons, "AccessControlBadConfirmation");
      expect(await commons.hasRole(ethers.ZeroHash, governance)).to.equal(true);
    });

    it("when governance hands its role on, its successor has it", async () => {
      const { commons, governance, successor } = await networkHelpers.loadFixture(commonsFixture);
      const admin = await commons.DEFAULT_ADMIN_ROLE();
      expect(await commons.getRoleAdmin(admin)).to.equal(admin);
      await commons.grantRole(admin, successor);
      await commons.connect(successor).revokeRole(admin, governance);
      expect(await commons.hasRole(admin, governance)).to.equal(false);
      expect(await commons.hasRole(admin, successor)).to.equal(true);
    });

    it("when it is asked for interfaces, knows ERC-165 and access control only", async () => {
      const { commons } = await networkHelpers.loadFixture(commonsFixture);
      for (const id of ["0x01ffc9a7", "0x7965db0b"]) {
        expect(await commons.supportsInterface(id), id).to.equal(true);
      }
      expect(await commons.supportsInterface("0xffffffff")).to.equal(false);
    });
  });
});

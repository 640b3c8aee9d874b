import { expect } from "chai";
import {
  championFixture,
  EVIDENCE,
  fund,
  MilestoneStatus,
  milestoneFixture,
  RELEASE_PERIOD,
  serviceFixture,
} from "../commons/support.ts";
import { ethers, networkHelpers, Role, registration, share } from "../grid.ts";
import { earners } from "../settlement/support.ts";

/**
 * A token with hooks has the admin role of the Commons. Each vault holds 1,000; 70 are unassigned. Milestones 2 and 3
 * of vault 1 request 400 each, milestone 4 of vault 2 requests 400 for capsule 1.
 */
async function hookFixture() {
  const fixture = await networkHelpers.loadFixture(serviceFixture);
  const { commons, router, donor, steward, otherSteward } = fixture;
  const token = await ethers.deployContract("HookToken");
  await fund(commons, donor, token);
  await commons.grantRole(ethers.ZeroHash, token);
  await commons.connect(donor).deposit(1n, token, 1_000n);
  await commons.connect(donor).deposit(2n, token, 1_000n);
  await token.connect(donor).transfer(commons, 70n);
  const approved = [1n, token, 400n, 0n, EVIDENCE] as const;
  await commons.connect(steward).proposeMilestone(...approved);
  await commons.connect(steward).proposeMilestone(...approved);
  const service = [2n, token, 400n, 1n, EVIDENCE] as const;
  await commons.connect(otherSteward).proposeMilestone(...service);
  await networkHelpers.time.increase(RELEASE_PERIOD);
  const address = await token.getAddress();
  const { interface: encode } = commons;
  const inner = {
    deposit: encode.encodeFunctionData("deposit", [1n, address, 1n]),
    assign: encode.encodeFunctionData("assign", [1n, address, 1n]),
    release: encode.encodeFunctionData("release", [3n, 1n, address, 400n, 0n, EVIDENCE]),
    service: encode.encodeFunctionData("release", [4n, 2n, address, 400n, 1n, EVIDENCE]),
  };
  const outer = {
    deposit: () => commons.connect(donor).deposit(1n, token, 100n),
    release: () => commons.release(2n, ...approved),
    service: () => commons.release(4n, ...service),
  };
  return { ...fixture, router, token, inner, outer };
}

const OUTER = ["deposit", "release", "service"] as const;
const VAULTS = {
  deposit: [
    [1_100n, 0n],
    [1_000n, 0n],
  ],
  release: [
    [600n, 400n],
    [1_000n, 0n],
  ],
  service: [
    [1_000n, 0n],
    [600n, 400n],
  ],
};

describe("attack: swapping a milestone after its approval", () => {
  it("when milestones are mutable and released by id, the steward takes an unapproved amount", async () => {
    const { token, donor, steward } = await networkHelpers.loadFixture(milestoneFixture);
    const twin = await ethers.deployContract("SwappableCommons", [token]);
    await token.connect(donor).transfer(twin, 1_000n);
    await twin.connect(steward).setMilestone(1n, 400n, EVIDENCE);
    await twin.connect(steward).setMilestone(1n, 1_000n, ethers.id("nothing"));
    await twin.release(1n);
    expect(await token.balanceOf(steward)).to.equal(1_000n);
  });

  it("when the steward withdraws and proposes more just before the release, nobody is paid", async () => {
    const { commons, token, steward, approved } = await networkHelpers.loadFixture(milestoneFixture);
    await commons.connect(steward).withdrawMilestone(1n);
    await commons.connect(steward).proposeMilestone(1n, token, 1_000n, 0n, ethers.id("nothing"));
    await expect(commons.release(1n, ...approved))
      .to.be.revertedWithCustomError(commons, "MilestoneStatusInvalid")
      .withArgs(1n, MilestoneStatus.Withdrawn);
    await expect(commons.release(2n, ...approved))
      .to.be.revertedWithCustomError(commons, "MilestoneNotAsApproved")
      .withArgs(2n);
    expect(await token.balanceOf(steward)).to.equal(0n);
  });

  it("when another steward takes the approved id, nobody is paid", async () => {
    const { commons, token, donor, otherSteward } = await networkHelpers.loadFixture(milestoneFixture);
    await commons.connect(donor).deposit(2n, token, 1_000n);
    await commons.connect(otherSteward).proposeMilestone(2n, token, 400n, 5n, EVIDENCE);
    await expect(commons.release(2n, 1n, token, 400n, 5n, EVIDENCE))
      .to.be.revertedWithCustomError(commons, "MilestoneNotAsApproved")
      .withArgs(2n);
  });
});

describe("attack: re-entering the Commons through a token's hook", () => {
  it("when a deposit writes after its transfer, the money is counted twice", async () => {
    const { token, donor } = await networkHelpers.loadFixture(hookFixture);
    const twin = await ethers.deployContract("EagerCommons");
    await token.connect(donor).approve(twin, 100n);
    await token.arm(twin, twin.interface.encodeFunctionData("assign", [await token.getAddress()]), true);
    await twin.connect(donor).deposit(token, 100n);
    expect(await twin.inVaults(token)).to.equal(200n);
    expect(await token.balanceOf(twin)).to.equal(100n);
  });

  for (const name of OUTER) {
    it(`when the token reenters during ${name}, even as admin, the whole call reverts`, async () => {
      const { commons, token, inner, outer } = await networkHelpers.loadFixture(hookFixture);
      for (const [door, data] of Object.entries(inner)) {
        await token.arm(commons, data, true);
        await expect(outer[name](), door).to.be.revertedWithCustomError(
          commons,
          "ReentrancyGuardReentrantCall",
        );
      }
    });

    it(`when its hook catches the revert, ${name} works as without a hook`, async () => {
      const { commons, token, inner, outer } = await networkHelpers.loadFixture(hookFixture);
      for (const [door, data] of Object.entries(inner)) {
        const snapshot = await networkHelpers.takeSnapshot();
        await token.arm(commons, data, false);
        await outer[name]();
        expect(await token.called(), door).to.equal(true);
        expect(await token.succeeded(), door).to.equal(false);
        expect(await commons.vaultOf(1n, token), door).to.deep.equal(VAULTS[name][0]);
        expect(await commons.vaultOf(2n, token), door).to.deep.equal(VAULTS[name][1]);
        expect(await commons.unassigned(token), door).to.equal(70n);
        await snapshot.restore();
      }
    });
  }

  it("when tokens are added during a deposit, reverts and leaves the vault unchanged", async () => {
    const { commons, token, outer } = await networkHelpers.loadFixture(hookFixture);
    await token.mint(token, 5n);
    const donate = token.interface.encodeFunctionData("transfer", [await commons.getAddress(), 5n]);
    await token.arm(token, donate, true);
    await expect(outer.deposit())
      .to.be.revertedWithCustomError(commons, "TransferAmountMismatch")
      .withArgs(await token.getAddress(), 100n, 105n);
    expect(await commons.vaultOf(1n, token)).to.deep.equal([1_000n, 0n]);
    expect(await commons.inVaults(token)).to.equal(2_000n);
  });

  it("when a release writes after paying a service, one milestone is paid twice", async () => {
    const { router, token } = await networkHelpers.loadFixture(hookFixture);
    const twin = await ethers.deployContract("EagerCommons");
    await token.mint(twin, 1_000n);
    const again = [ethers.ZeroAddress, await token.getAddress(), 400n] as [string, string, bigint];
    await token.arm(twin, twin.interface.encodeFunctionData("release", again), true);
    await twin.release(router, token, 400n);
    expect(await token.balanceOf(twin)).to.equal(200n);
  });

  it("when the token pays the capsule again during a service's release, the whole call reverts", async () => {
    const { commons, router, token, outer } = await networkHelpers.loadFixture(hookFixture);
    const pay = router.interface.encodeFunctionData("pay", [1n, await token.getAddress(), 1n, "0x"]);
    await token.arm(router, pay, true);
    await expect(outer.service()).to.be.revertedWithCustomError(router, "ReentrancyGuardReentrantCall");
    expect(await commons.vaultOf(2n, token)).to.deep.equal([1_000n, 0n]);
    expect(await token.allowance(commons, router)).to.equal(0n);
  });
});

describe("attack: a service whose capsule is the steward's own", () => {
  /** Capsule 2 and all its rows belong to the steward. */
  async function ownFixture() {
    const fixture = await networkHelpers.loadFixture(serviceFixture);
    const { commons, capsules, token, otherSteward } = fixture;
    const rows = [Role.Data, Role.Model, Role.Compute].map((role) => share(role, 1n, otherSteward));
    await capsules.register(otherSteward, registration(rows));
    const own = [2n, token, 1_001n, 2n, EVIDENCE] as const;
    await commons.connect(otherSteward).proposeMilestone(...own);
    await networkHelpers.time.increase(RELEASE_PERIOD);
    return { ...fixture, own };
  }

  it("when it replaces the approved capsule, nobody is paid", async () => {
    const { commons, router, token, approved } = await networkHelpers.loadFixture(ownFixture);
    await expect(commons.release(2n, ...approved))
      .to.be.revertedWithCustomError(commons, "MilestoneNotAsApproved")
      .withArgs(2n);
    expect(await token.balanceOf(router)).to.equal(0n);
  });

  it("when voters approve it anyway, a tenth returns to the Commons", async () => {
    const { commons, router, token, otherSteward, own } = await networkHelpers.loadFixture(ownFixture);
    await commons.release(2n, ...own);
    await expect(router.claim([await earners(token, [0n, 4n], { capsuleId: 2n })])).to.changeTokenBalances(
      ethers,
      token,
      [otherSteward, commons],
      [901n, 100n],
    );
  });

  it("when shares change after the payment, accrued revenue stays with its earners", async () => {
    const { commons, capsules, router, token, creator, dataOwner, approved } =
      await networkHelpers.loadFixture(serviceFixture);
    await commons.release(1n, ...approved);
    await capsules.connect(creator).setShares(1n, [share(Role.Data, 1n, creator)]);
    await router.claim([await earners(token, [0n, 4n])]);
    expect(await token.balanceOf(dataOwner)).to.equal(401n);
    expect(await token.balanceOf(creator)).to.equal(0n);
  });
});

describe("attack: skewing vaults by donations", () => {
  it("when unsolicited tokens arrive, vaults stay the same, and milestones cannot pay them", async () => {
    const { commons, token, donor, steward } = await networkHelpers.loadFixture(milestoneFixture);
    await token.connect(donor).transfer(commons, 10n ** 20n);
    expect(await commons.vaultOf(1n, token)).to.deep.equal([1_000n, 0n]);
    expect(await commons.inVaults(token)).to.equal(1_000n);
    const approved = [1n, token, 1_001n, 0n, ethers.id("more")] as const;
    await commons.connect(steward).proposeMilestone(...approved);
    await networkHelpers.time.increase(RELEASE_PERIOD);
    await commons.release(2n, ...approved);
    expect(await commons.vaultOf(1n, token)).to.deep.equal([500n, 500n]);
    expect(await token.balanceOf(steward)).to.equal(500n);
  });
});

describe("attack: taking a champion back after a recall", () => {
  it("when a recall keeps the pending operator, the old operator's friend takes over", async () => {
    const { operator, successor, stranger } = await networkHelpers.loadFixture(championFixture);
    const twin = (await ethers.deployContract("ForgetfulRegistry", operator)).connect(operator);
    await twin.proposeOperator(stranger);
    await twin.replaceOperator(successor);
    await twin.connect(stranger).acceptOperator();
    expect(await twin.operator()).to.equal(stranger.address);
  });

  it("with ChampionRegistry, a recall removes the pending operator", async () => {
    const { registry, operator, successor, stranger } = await networkHelpers.loadFixture(championFixture);
    await registry.connect(operator).proposeOperator(1n, stranger);
    await registry.replaceOperator(1n, successor);
    await expect(registry.connect(stranger).acceptOperator(1n))
      .to.be.revertedWithCustomError(registry, "CallerNotPendingOperator")
      .withArgs(1n, stranger.address);
  });
});

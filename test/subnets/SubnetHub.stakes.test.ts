import { expect } from "chai";
import { DAY, ethers, impersonate, networkHelpers } from "../grid.ts";
import {
  COIN,
  hubFixture,
  PARAMS,
  Phase,
  score,
  seatsFixture,
  subnetFixture,
  UNSTAKE_DELAY,
} from "./support.ts";

describe("SubnetHub stakes", () => {
  describe("stake", () => {
    it("when the amount is zero, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(subnetFixture);
      await expect(hub.stake(1, 0)).to.be.revertedWithCustomError(hub, "StakeAmountZero");
    });

    it("when the subnet does not exist, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(hubFixture);
      await expect(hub.stake(1, 1)).to.be.revertedWithCustomError(hub, "SubnetNonexistent").withArgs(1);
    });

    it("when an earlier epoch is pending, reverts, as all changes of its inputs", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, validators, miners, goTo } = fixture;
      await score(fixture, 2n, new Map([[validators[0], [1]]]));
      await hub.connect(validators[1]).stake(1, 1);
      await goTo(4n);
      for (const call of [
        () => hub.connect(validators[1]).stake(1, 1),
        () => hub.connect(validators[1]).unstake(1, 1),
        () => hub.connect(validators[3]).registerValidator(1),
        () => hub.connect(validators[0]).deregisterValidator(1),
        () => hub.connect(miners[3]).registerMiner(1),
        () => hub.connect(miners[0]).deregisterMiner(1),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(hub, "EpochPending").withArgs(1, 2);
      }
      await goTo(4n, Phase.Reveal);
      await expect(hub.connect(validators[0]).revealWeights(1, "0x", ethers.ZeroHash, "", ethers.ZeroHash))
        .to.be.revertedWithCustomError(hub, "EpochPending")
        .withArgs(1, 2);
      await hub.runEpoch(1);
      await hub.connect(validators[1]).stake(1, 1);
    });

    it("when the caller stakes, its coins count from the next epoch on", async () => {
      const { hub, coin, validators, goTo } = await networkHelpers.loadFixture(subnetFixture);
      const validator = validators[0];
      const staked = hub.connect(validator).stake(1, 100);
      await expect(staked).to.emit(hub, "Staked").withArgs(1, validator.address, 100, 2);
      await expect(staked).to.emit(hub, "DelegateeSet").withArgs(validator.address, validator.address, 100);
      await hub.connect(validator).stake(1, 20);
      expect(await hub.countedStakeOf(1, validator)).to.equal(0n);
      expect(await hub.stakeOf(1, validator)).to.deep.equal([0n, 120n, 1n, 0n, 0n]);
      await goTo(2n);
      expect(await hub.countedStakeOf(1, validator)).to.equal(120n);
      await hub.connect(validator).stake(1, 3);
      expect(await hub.countedStakeOf(1, validator)).to.equal(120n);
      expect(await hub.stakeOf(1, validator)).to.deep.equal([120n, 3n, 2n, 0n, 0n]);
      expect(await hub.heldFor(validator)).to.equal(123n);
      const holder = await hub.voteHolderOf(validator);
      expect([await coin.balanceOf(holder), await coin.balanceOf(hub)]).to.deep.equal([123n, 1_000n * COIN]);
    });

    it("when the caller has a delegate at the coin, the coins vote by it", async () => {
      const { hub, coin, validators, stranger } = await networkHelpers.loadFixture(subnetFixture);
      const [first, second] = validators;
      await coin.connect(first).delegate(stranger);
      await coin.connect(second).delegate(stranger);
      const before = await coin.getVotes(stranger);
      const staked = hub.connect(first).stake(1, 100);
      await expect(staked).to.emit(hub, "DelegateeSet").withArgs(first.address, stranger.address, 100);
      const holder = await hub.voteHolderOf(stranger);
      await expect(staked).to.emit(hub, "VoteHolderCreated").withArgs(stranger.address, holder);
      await expect(hub.connect(second).stake(1, 50)).not.to.emit(hub, "VoteHolderCreated");
      expect(await coin.getVotes(stranger)).to.equal(before);
      expect(await coin.balanceOf(holder)).to.equal(150n);
      expect(await hub.delegateeOf(first)).to.equal(stranger.address);
      // Later coins vote with the first ones.
      await coin.connect(first).delegate(first);
      await hub.connect(first).stake(1, 1);
      expect(await hub.delegateeOf(first)).to.equal(stranger.address);
    });

    it("when the caller delegates to the hub, the coins vote by the caller", async () => {
      const { hub, coin, validators } = await networkHelpers.loadFixture(subnetFixture);
      await coin.connect(validators[0]).delegate(hub);
      await hub.connect(validators[0]).stake(1, 100);
      expect(await hub.delegateeOf(validators[0])).to.equal(validators[0].address);
    });

    it("when all coins were withdrawn, the next stake takes the delegate at the coin again", async () => {
      const { hub, coin, validators, stranger } = await networkHelpers.loadFixture(subnetFixture);
      const validator = hub.connect(validators[0]);
      await validator.stake(1, 100);
      await validator.unstake(1, 100);
      await networkHelpers.time.increase(UNSTAKE_DELAY);
      await validator.withdraw(1);
      await coin.connect(validators[0]).delegate(stranger);
      await validator.stake(1, 100);
      expect(await hub.delegateeOf(validators[0])).to.equal(stranger.address);
    });
  });

  describe("unstake", () => {
    it("when the amount is zero, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(subnetFixture);
      await expect(hub.unstake(1, 0)).to.be.revertedWithCustomError(hub, "StakeAmountZero");
    });

    it("when the caller is an immune validator, reverts, until the subnet is retired", async () => {
      const { hub, creator, validators, goTo } = await networkHelpers.loadFixture(subnetFixture);
      const validator = hub.connect(validators[0]);
      await validator.stake(1, 200n * COIN);
      await validator.unstake(1, 100n * COIN);
      await validator.registerValidator(1);
      const refuse = async (call: Promise<unknown>) =>
        await expect(call)
          .to.be.revertedWithCustomError(hub, "ValidatorBound")
          .withArgs(1, validators[0].address, 3);
      await refuse(validator.unstake(1, 1));
      await refuse(validator.deregisterValidator(1));
      await hub.connect(creator).retire(1);
      await refuse(validator.unstake(1, 1));
      await goTo(2n);
      await validator.deregisterValidator(1);
      await validator.unstake(1, 100n * COIN);
    });

    it("when the amount exceeds the stake, reverts", async () => {
      const { hub, validators } = await networkHelpers.loadFixture(subnetFixture);
      await hub.connect(validators[0]).stake(1, 100);
      await expect(hub.connect(validators[0]).unstake(1, 101))
        .to.be.revertedWithCustomError(hub, "UnstakeExceedsStake")
        .withArgs(1, validators[0].address, 101, 100);
      await hub.connect(validators[0]).unstake(1, 60);
      await expect(hub.connect(validators[0]).unstake(1, 41))
        .to.be.revertedWithCustomError(hub, "UnstakeExceedsStake")
        .withArgs(1, validators[0].address, 41, 40);
    });

    it("when coins count, they stop at once; coins staked in this epoch go last", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(subnetFixture);
      const validator = hub.connect(validators[0]);
      await validator.stake(1, 100);
      await goTo(2n);
      await validator.stake(1, 50);
      await validator.unstake(1, 30);
      expect(await hub.countedStakeOf(1, validators[0])).to.equal(70n);
      const unstaked = await validator.unstake(1, 85);
      const withdrawableAt = BigInt(await networkHelpers.time.latest()) + UNSTAKE_DELAY;
      await expect(unstaked).to.emit(hub, "Unstaked").withArgs(1, validators[0].address, 85, withdrawableAt);
      expect(await hub.countedStakeOf(1, validators[0])).to.equal(0n);
      expect(await hub.stakeOf(1, validators[0])).to.deep.equal([0n, 35n, 2n, 115n, withdrawableAt]);
      await goTo(5n);
      await validator.unstake(1, 5);
      expect(await hub.countedStakeOf(1, validators[0])).to.equal(30n);
    });
  });

  describe("withdraw", () => {
    it("when nothing is unstaking, reverts", async () => {
      const { hub, validators } = await networkHelpers.loadFixture(subnetFixture);
      await hub.connect(validators[0]).stake(1, 100);
      await expect(hub.connect(validators[0]).withdraw(1))
        .to.be.revertedWithCustomError(hub, "WithdrawalNonexistent")
        .withArgs(1, validators[0].address);
    });

    it("when 7 days have not passed since the last request, reverts", async () => {
      const { hub, coin, validators } = await networkHelpers.loadFixture(subnetFixture);
      const validator = hub.connect(validators[0]);
      await validator.stake(1, 100);
      await validator.unstake(1, 10);
      await networkHelpers.time.increase(6n * DAY);
      await validator.unstake(1, 5);
      const { withdrawableAt } = await hub.stakeOf(1, validators[0]);
      await networkHelpers.time.setNextBlockTimestamp(withdrawableAt - 1n);
      await expect(validator.withdraw(1))
        .to.be.revertedWithCustomError(hub, "WithdrawalNotReady")
        .withArgs(1, validators[0].address, withdrawableAt);
      await networkHelpers.time.increaseTo(withdrawableAt - 1n);
      const withdrawn = validator.withdraw(1);
      await expect(withdrawn).to.emit(hub, "StakeWithdrawn").withArgs(1, validators[0].address, 15);
      await expect(withdrawn).to.changeTokenBalance(ethers, coin, validators[0], 15n);
      expect(await hub.heldFor(validators[0])).to.equal(85n);
    });

    it("when an epoch is pending in a retired subnet, pays nevertheless", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, coin, creator, validators } = fixture;
      await fixture.goTo(3n);
      await hub.connect(validators[0]).unstake(1, 7);
      await score(fixture, 3n, new Map([[validators[0], [1]]]));
      await hub.connect(creator).retire(1);
      await networkHelpers.time.increase(UNSTAKE_DELAY);
      await expect(hub.connect(validators[0]).withdraw(1)).to.changeTokenBalance(
        ethers,
        coin,
        validators[0],
        7n,
      );
    });
  });

  describe("setDelegatee", () => {
    it("when the delegatee is zero or the hub, reverts", async () => {
      const { hub, validators } = await networkHelpers.loadFixture(subnetFixture);
      await hub.connect(validators[0]).stake(1, 100);
      for (const delegatee of [ethers.ZeroAddress, await hub.getAddress()]) {
        await expect(hub.connect(validators[0]).setDelegatee(delegatee))
          .to.be.revertedWithCustomError(hub, "DelegateeInvalid")
          .withArgs(delegatee);
      }
    });

    it("when the caller has no coins in the hub, reverts", async () => {
      const { hub, stranger } = await networkHelpers.loadFixture(subnetFixture);
      await expect(hub.connect(stranger).setDelegatee(stranger))
        .to.be.revertedWithCustomError(hub, "StakerNonexistent")
        .withArgs(stranger.address);
    });

    it("when the caller has coins, moves the votes of all, unstaking ones included", async () => {
      const { hub, coin, creator, validators, stranger } = await networkHelpers.loadFixture(subnetFixture);
      const [first, second] = validators;
      await hub.connect(creator).create(0, ethers.ZeroHash, "");
      await hub.connect(first).stake(1, 100);
      await hub.connect(first).stake(2, 40);
      await hub.connect(first).unstake(1, 30);
      await hub.connect(second).stake(1, 1);
      await hub.connect(second).setDelegatee(first);
      expect(await coin.getVotes(first)).to.equal(141n);
      await expect(hub.connect(first).setDelegatee(stranger))
        .to.emit(hub, "DelegateeSet")
        .withArgs(first.address, stranger.address, 140);
      expect([await coin.getVotes(first), await coin.getVotes(stranger)]).to.deep.equal([1n, 140n]);
      await hub.connect(first).setDelegatee(stranger);
      await networkHelpers.time.increase(UNSTAKE_DELAY);
      await expect(hub.connect(first).withdraw(1)).to.changeTokenBalance(ethers, coin, first, 30n);
      expect(await coin.getVotes(stranger)).to.equal(110n);
      expect(await coin.getVotes(hub)).to.equal(0n);
    });
  });

  describe("VoteHolder", () => {
    it("when a stranger calls the coin, moves nothing: only the hub has an allowance", async () => {
      const { hub, coin, validators, stranger } = await networkHelpers.loadFixture(subnetFixture);
      await hub.connect(validators[0]).stake(1, 100);
      const holder = await hub.voteHolderOf(validators[0]);
      expect(await coin.allowance(holder, hub)).to.equal(ethers.MaxUint256);
      await expect(coin.connect(stranger).transferFrom(holder, stranger, 1))
        .to.be.revertedWithCustomError(coin, "ERC20InsufficientAllowance")
        .withArgs(stranger.address, 0, 1);
      expect(await coin.delegates(holder)).to.equal(validators[0].address);
      // It has no functions: a call from anybody reverts.
      const caller = await impersonate(await hub.getAddress());
      await expect(caller.sendTransaction({ to: holder, data: "0x12345678" })).to.revert(ethers);
    });
  });

  it("counts coins moved between two validators of an epoch once", async () => {
    const { hub, coin, validators, goTo } = await networkHelpers.loadFixture(subnetFixture);
    const [first, second] = validators;
    await hub.setDefaultParams({ ...PARAMS, tempo: 28n * DAY });
    await hub.connect(validators[2]).create(0, ethers.ZeroHash, "");
    await hub.connect(first).stake(2, 100);
    await goTo(2n, Phase.Task, 2n);
    await hub.connect(first).unstake(2, 100);
    await networkHelpers.time.increase(UNSTAKE_DELAY);
    await hub.connect(first).withdraw(2);
    await coin.connect(first).transfer(second, 100);
    await hub.connect(second).stake(2, 100);
    expect([await hub.countedStakeOf(2, first), await hub.countedStakeOf(2, second)]).to.deep.equal([0n, 0n]);
  });
});

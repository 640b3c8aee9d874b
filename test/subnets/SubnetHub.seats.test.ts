import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import {
  COIN,
  FEE,
  HASH,
  hubFixture,
  Kind,
  PARAMS,
  Phase,
  SECTOR,
  type Signer,
  score,
  seatsFixture,
  subnetFixture,
} from "./support.ts";

/** A sovereign subnet of a sector with three champions. Their operators are the miners. */
async function sovereignFixture() {
  const fixture = await networkHelpers.loadFixture(hubFixture);
  const { hub, champions, miners } = fixture;
  await hub.createSovereign(SECTOR, { ...PARAMS, maxMiners: 2n }, HASH, "");
  for (const [i, miner] of miners.slice(0, 3).entries()) {
    await champions.setOperator(i + 1, miner);
    await champions.setRewarded(i + 1, SECTOR, true);
  }
  return fixture;
}

describe("SubnetHub seats", () => {
  describe("registerValidator", () => {
    it("when the subnet does not exist, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(hubFixture);
      await expect(hub.registerValidator(1))
        .to.be.revertedWithCustomError(hub, "SubnetNonexistent")
        .withArgs(1);
    });

    it("when it is not the first phase, reverts", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(subnetFixture);
      await hub.connect(validators[0]).stake(1, 100n * COIN);
      for (const phase of [Phase.Answer, Phase.Score, Phase.Reveal]) {
        await goTo(1n, phase);
        await expect(hub.connect(validators[0]).registerValidator(1))
          .to.be.revertedWithCustomError(hub, "SubnetPhaseMismatch")
          .withArgs(1, Phase.Task, phase);
      }
    });

    it("when the caller is a validator already, reverts", async () => {
      const { hub, validators } = await networkHelpers.loadFixture(seatsFixture);
      await expect(hub.connect(validators[0]).registerValidator(1))
        .to.be.revertedWithCustomError(hub, "ValidatorAlreadyRegistered")
        .withArgs(1, validators[0].address);
    });

    it("when its stake is below the minimum, reverts", async () => {
      const { hub, validators } = await networkHelpers.loadFixture(subnetFixture);
      await hub.connect(validators[0]).stake(1, 100n * COIN - 1n);
      await expect(hub.connect(validators[0]).registerValidator(1))
        .to.be.revertedWithCustomError(hub, "StakeBelowMinimum")
        .withArgs(1, validators[0].address, 100n * COIN - 1n, 100n * COIN);
    });

    it("when the table is full of immune validators, reverts until their immunity is over", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      const newcomer = hub.connect(validators[3]);
      await newcomer.stake(1, 1_000n * COIN);
      await expect(newcomer.registerValidator(1))
        .to.be.revertedWithCustomError(hub, "ValidatorsImmune")
        .withArgs(1);
      await goTo(3n);
      const registered = newcomer.registerValidator(1);
      await expect(registered).to.emit(hub, "ValidatorRemoved").withArgs(1, validators[2].address, 2);
      await expect(registered)
        .to.emit(hub, "ValidatorRegistered")
        .withArgs(1, validators[3].address, 2, 3, 5);
      expect(await hub.validatorSlotOf(1, validators[3])).to.equal(2n);
      await expect(hub.validatorSlotOf(1, validators[2]))
        .to.be.revertedWithCustomError(hub, "ValidatorNotRegistered")
        .withArgs(1, validators[2].address);
    });

    it("when its stake is not above the weakest, reverts; of equal ones the lowest slot is replaced", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      const newcomer = hub.connect(validators[3]);
      await newcomer.stake(1, 200n * COIN);
      await goTo(3n);
      await expect(newcomer.registerValidator(1))
        .to.be.revertedWithCustomError(hub, "StakeNotAboveWeakest")
        .withArgs(1, 200n * COIN, 200n * COIN);
      await hub.connect(validators[1]).unstake(1, 100n * COIN);
      await newcomer.stake(1, 1);
      await newcomer.registerValidator(1);
      expect(await hub.validatorSlotOf(1, validators[3])).to.equal(1n);
    });

    it("when a slot is empty, takes the first", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      await goTo(3n);
      await hub.connect(validators[1]).deregisterValidator(1);
      await hub.connect(validators[3]).stake(1, 100n * COIN);
      await hub.connect(validators[3]).registerValidator(1);
      expect(await hub.validatorsOf(1)).to.deep.equal([
        [validators[0].address, 1n, 0n, 3n],
        [validators[3].address, 3n, 0n, 3n],
        [validators[2].address, 1n, 0n, 3n],
      ]);
    });

    it("when a validator leaves and returns, its immunity is not renewed", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      const [first, , , newcomer] = validators;
      await goTo(3n);
      for (const validator of validators.slice(0, 3)) {
        await hub.connect(validator).deregisterValidator(1);
        await hub.connect(validator).registerValidator(1);
      }
      await hub.connect(newcomer).stake(1, 600n * COIN);
      await hub.connect(newcomer).registerValidator(1);
      expect(await hub.validatorSlotOf(1, newcomer)).to.equal(2n);
      expect((await hub.validatorsOf(1))[2]?.immuneUntil).to.equal(5n);
      expect(await hub.validatorSlotOf(1, first)).to.equal(0n);
    });
  });

  describe("registerMiner", () => {
    it("when the subnet does not exist, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(hubFixture);
      await expect(hub.registerMiner(1)).to.be.revertedWithCustomError(hub, "SubnetNonexistent").withArgs(1);
    });

    it("when it is not the first phase, reverts", async () => {
      const { hub, miners, goTo } = await networkHelpers.loadFixture(subnetFixture);
      await goTo(1n, Phase.Reveal);
      await expect(hub.connect(miners[0]).registerMiner(1))
        .to.be.revertedWithCustomError(hub, "SubnetPhaseMismatch")
        .withArgs(1, Phase.Task, Phase.Reveal);
    });

    it("when the subnet is sovereign, reverts", async () => {
      const { hub, miners } = await networkHelpers.loadFixture(sovereignFixture);
      await expect(hub.connect(miners[0]).registerMiner(1))
        .to.be.revertedWithCustomError(hub, "SubnetKindMismatch")
        .withArgs(1, Kind.Sovereign);
    });

    it("when the caller is a miner already, reverts", async () => {
      const { hub, miners } = await networkHelpers.loadFixture(seatsFixture);
      await expect(hub.connect(miners[0]).registerMiner(1))
        .to.be.revertedWithCustomError(hub, "MinerAlreadyRegistered")
        .withArgs(1, miners[0].address);
    });

    it("when half of the miners are immune, replaces the weakest of all", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, validators, miners, goTo } = fixture;
      await score(fixture, 2n, new Map([[validators[0], [3n, 1n, 2n]]]));
      await goTo(3n);
      await hub.runEpoch(1);
      await hub.connect(miners[2]).deregisterMiner(1);
      for (const key of miners.slice(3, 5)) await hub.connect(key).registerMiner(1);
      const [, , first] = await hub.minersOf(1);
      expect(first?.account).to.equal(miners[3].address);
      await hub.connect(miners[5]).registerMiner(1);
      const accounts = (await hub.minersOf(1)).map(({ account }) => account);
      const expected = [miners[0], miners[1], miners[5], miners[4]].map(({ address }) => address);
      expect(accounts).to.deep.equal(expected);
    });

    it("when 4 miners were replaced in the epoch, reverts until the next", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, creator, sponsor, stranger, coin, miners, goTo } = fixture;
      await hub.setDefaultParams({ ...PARAMS, maxMiners: 5n, registrationFee: 0n, immunity: 1n });
      await hub.connect(creator).create(0, HASH, "");
      const first = [...miners.slice(0, 5)];
      for (const miner of first) await hub.connect(miner).registerMiner(2);
      await goTo(2n, Phase.Task, 2n);
      const next = [miners[5], creator, sponsor, stranger] as Signer[];
      for (const miner of next) await hub.connect(miner).registerMiner(2);
      await expect(hub.connect(fixture.validators[0]).registerMiner(2))
        .to.be.revertedWithCustomError(hub, "ReplacementsExceedMaximum")
        .withArgs(2, 2, 4);
      const subnet = await hub.subnetOf(2);
      expect([subnet.replacedAt, subnet.replacements, subnet.minerSlots]).to.deep.equal([2n, 4n, 5n]);
      await goTo(3n, Phase.Task, 2n);
      await hub.connect(fixture.validators[0]).registerMiner(2);
      expect((await hub.subnetOf(2)).replacements).to.equal(1n);
      expect(await coin.balanceOf(stranger)).to.equal(0n);
    });

    it("when there is a fee, it goes to the pot of the current epoch", async () => {
      const { hub, coin, miners } = await networkHelpers.loadFixture(subnetFixture);
      const registered = hub.connect(miners[0]).registerMiner(1);
      await expect(registered).to.changeTokenBalances(ethers, coin, [miners[0], hub], [-FEE, FEE]);
      await expect(registered).to.emit(hub, "MinerRegistered").withArgs(1, miners[0].address, 0, 1, 0, FEE);
      expect(await hub.potOf(1, coin, 1)).to.deep.equal([FEE, 0n]);
    });

    it("when the table is full, replaces the least incentive, of equal ones the lowest slot", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, validators, miners, goTo } = fixture;
      await hub.connect(miners[3]).registerMiner(1);
      await score(fixture, 3n, new Map([[validators[0], [5, 3, 4, 3]]]));
      await goTo(4n);
      await hub.runEpoch(1);
      const registered = hub.connect(miners[4]).registerMiner(1);
      await expect(registered).to.emit(hub, "MinerRemoved").withArgs(1, miners[1].address, 1);
      const [first, second, , fourth] = await hub.minersOf(1);
      expect([first?.account, first?.registeredAt]).to.deep.equal([miners[0].address, 1n]);
      expect(second).to.deep.equal([miners[4].address, 4n, 0n, 0n]);
      expect(first?.incentive).to.be.above(fourth?.incentive);
      expect(await hub.minerSlotOf(1, miners[4])).to.equal(1n);
      await expect(hub.minerSlotOf(1, miners[1]))
        .to.be.revertedWithCustomError(hub, "MinerNotRegistered")
        .withArgs(1, miners[1].address);
    });
  });

  describe("registerChampion", () => {
    it("when the subnet is open, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(subnetFixture);
      await expect(hub.registerChampion(1, 1))
        .to.be.revertedWithCustomError(hub, "SubnetKindMismatch")
        .withArgs(1, Kind.Open);
    });

    it("when the caller is not the champion's operator, reverts", async () => {
      const { hub, miners } = await networkHelpers.loadFixture(sovereignFixture);
      await expect(hub.connect(miners[1]).registerChampion(1, 1))
        .to.be.revertedWithCustomError(hub, "CallerNotChampionsOperator")
        .withArgs(1, miners[1].address);
    });

    it("when the champion is not rewarded in the sector, reverts", async () => {
      const { hub, champions, miners } = await networkHelpers.loadFixture(sovereignFixture);
      await champions.setRewarded(1, SECTOR, false);
      await expect(hub.connect(miners[0]).registerChampion(1, 1))
        .to.be.revertedWithCustomError(hub, "ChampionNotRewardedInSector")
        .withArgs(1, SECTOR);
    });

    it("when the operator has a slot for this or another champion, reverts", async () => {
      const { hub, champions, miners } = await networkHelpers.loadFixture(sovereignFixture);
      await hub.connect(miners[0]).registerChampion(1, 1);
      await champions.setOperator(2, miners[0]);
      for (const championId of [1, 2]) {
        await expect(hub.connect(miners[0]).registerChampion(1, championId))
          .to.be.revertedWithCustomError(hub, "MinerAlreadyRegistered")
          .withArgs(1, miners[0].address);
      }
    });

    it("when the operator calls, gives a slot without fee, and replaces others when full", async () => {
      const { hub, coin, miners, goTo } = await networkHelpers.loadFixture(sovereignFixture);
      await expect(hub.connect(miners[0]).registerChampion(1, 1))
        .to.emit(hub, "MinerRegistered")
        .withArgs(1, miners[0].address, 0, 1, 1, 0);
      await hub.connect(miners[1]).registerChampion(1, 2);
      expect(await coin.balanceOf(hub)).to.equal(0n);
      await goTo(3n);
      await hub.connect(miners[2]).registerChampion(1, 3);
      // The replaced champion can return: nothing is left of its slot.
      await hub.connect(miners[2]).deregisterMiner(1);
      await hub.connect(miners[0]).registerChampion(1, 1);
      expect(await hub.minersOf(1)).to.deep.equal([
        [miners[0].address, 3n, 0n, 1n],
        [miners[1].address, 1n, 0n, 2n],
      ]);
    });

    it("when the champion has a new operator, changes the slot's account only", async () => {
      const { hub, champions, miners, goTo } = await networkHelpers.loadFixture(sovereignFixture);
      await hub.connect(miners[0]).registerChampion(1, 1);
      await goTo(2n);
      await champions.setOperator(1, miners[4]);
      await expect(hub.connect(miners[4]).registerChampion(1, 1))
        .to.emit(hub, "MinerAccountSet")
        .withArgs(1, miners[4].address, 0);
      expect(await hub.minersOf(1)).to.deep.equal([[miners[4].address, 1n, 0n, 1n]]);
      await expect(hub.connect(miners[0]).deregisterMiner(1))
        .to.be.revertedWithCustomError(hub, "MinerNotRegistered")
        .withArgs(1, miners[0].address);
      await hub.connect(miners[4]).deregisterMiner(1);
    });
  });

  describe("deregisterValidator and deregisterMiner", () => {
    it("when the caller has no slot, revert", async () => {
      const { hub, stranger } = await networkHelpers.loadFixture(subnetFixture);
      await expect(hub.connect(stranger).deregisterValidator(1))
        .to.be.revertedWithCustomError(hub, "ValidatorNotRegistered")
        .withArgs(1, stranger.address);
      await expect(hub.connect(stranger).deregisterMiner(1))
        .to.be.revertedWithCustomError(hub, "MinerNotRegistered")
        .withArgs(1, stranger.address);
    });

    it("when a validator is immune, reverts until its immunity is over", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      await expect(hub.connect(validators[0]).deregisterValidator(1))
        .to.be.revertedWithCustomError(hub, "ValidatorBound")
        .withArgs(1, validators[0].address, 3);
      await goTo(3n);
      await hub.connect(validators[0]).deregisterValidator(1);
    });

    it("when it is not the first phase, revert", async () => {
      const { hub, validators, miners, goTo } = await networkHelpers.loadFixture(seatsFixture);
      await goTo(2n, Phase.Score);
      for (const call of [
        () => hub.connect(validators[0]).deregisterValidator(1),
        () => hub.connect(miners[0]).deregisterMiner(1),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(hub, "SubnetPhaseMismatch")
          .withArgs(1, Phase.Task, Phase.Score);
      }
    });

    it("when the account calls, empties its slot; its stake stays", async () => {
      const { hub, validators, miners, goTo } = await networkHelpers.loadFixture(seatsFixture);
      await goTo(3n);
      await expect(hub.connect(validators[0]).deregisterValidator(1))
        .to.emit(hub, "ValidatorRemoved")
        .withArgs(1, validators[0].address, 0);
      await expect(hub.connect(miners[2]).deregisterMiner(1))
        .to.emit(hub, "MinerRemoved")
        .withArgs(1, miners[2].address, 2);
      expect(await hub.countedStakeOf(1, validators[0])).to.equal(500n * COIN);
      expect((await hub.validatorsOf(1))[0]?.account).to.equal(ethers.ZeroAddress);
      expect((await hub.minersOf(1))[2]?.account).to.equal(ethers.ZeroAddress);
      await hub.connect(miners[2]).registerMiner(1);
      expect((await hub.minersOf(1))[2]?.registeredAt).to.equal(3n);
    });
  });
});

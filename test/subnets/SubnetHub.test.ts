import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import {
  BOND,
  COIN,
  deployHub,
  HASH,
  HOUR,
  hubFixture,
  Kind,
  ONE,
  PARAMS,
  Phase,
  reveal,
  SECTOR,
  type SubnetParams,
  score,
  seatsFixture,
  subnetFixture,
} from "./support.ts";

const ADMIN = ethers.ZeroHash;
const values = (params: SubnetParams) => Object.values(params);

describe("SubnetHub", () => {
  describe("constructor", () => {
    it("when coin or champions are not a contract, or the admin is zero, reverts", async () => {
      const { hub, coin, champions, stranger, admin } = await networkHelpers.loadFixture(hubFixture);
      const [coinAddress, championsAddress] = [await coin.getAddress(), await champions.getAddress()];
      await expect(deployHub(stranger.address, championsAddress, admin.address))
        .to.be.revertedWithCustomError(hub, "HubCoinNotContract")
        .withArgs(stranger.address);
      await expect(deployHub(coinAddress, stranger.address, admin.address))
        .to.be.revertedWithCustomError(hub, "HubChampionsNotContract")
        .withArgs(stranger.address);
      await expect(
        deployHub(coinAddress, championsAddress, ethers.ZeroAddress),
      ).to.be.revertedWithCustomError(hub, "HubAdminZero");
    });

    it("when deployed, has the documented defaults, and one admin", async () => {
      const { coin, champions, admin, stranger } = await networkHelpers.loadFixture(hubFixture);
      const hub = await deployHub(await coin.getAddress(), await champions.getAddress(), admin.address);
      expect(await hub.COIN()).to.equal(await coin.getAddress());
      expect(await hub.CHAMPIONS()).to.equal(await champions.getAddress());
      expect(await hub.defaultParams()).to.deep.equal(
        values({
          ...PARAMS,
          minValidatorStake: 1_000n * COIN,
          minTotalStake: 10_000n * COIN,
          registrationFee: COIN,
          tempo: 7n * 86_400n,
          immunity: 4n,
          maxValidators: 16n,
          maxMiners: 64n,
        }),
      );
      expect([
        await hub.maxSubnets(),
        await hub.subnetBond(),
        await hub.MAX_VALIDATORS(),
        await hub.MAX_MINERS(),
        await hub.MAX_CELLS(),
        await hub.MAX_REPLACEMENTS(),
        await hub.UNSTAKE_DELAY(),
      ]).to.deep.equal([64n, BOND, 48n, 256n, 3_072n, 4n, 7n * 86_400n]);
      expect(await hub.DEFAULT_ADMIN_ROLE()).to.equal(ADMIN);
      expect(await hub.getRoleAdmin(ADMIN)).to.equal(ADMIN);
      expect(await hub.supportsInterface("0x7965db0b")).to.equal(true);
      expect(await hub.hasRole(ADMIN, admin)).to.equal(true);
      await hub.grantRole(ADMIN, stranger);
      await hub.revokeRole(ADMIN, stranger);
      expect(await hub.hasRole(ADMIN, stranger)).to.equal(false);
      await expect(hub.renounceRole(ADMIN, stranger)).to.be.revertedWithCustomError(
        hub,
        "AccessControlBadConfirmation",
      );
    });
  });

  describe("setDefaultParams", () => {
    it("when the caller is not the admin, reverts", async () => {
      const { hub, stranger } = await networkHelpers.loadFixture(hubFixture);
      await expect(hub.connect(stranger).setDefaultParams(PARAMS))
        .to.be.revertedWithCustomError(hub, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ADMIN);
    });

    it("when a parameter is out of its range, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(hubFixture);
      for (const tempo of [HOUR - 1n, 28n * 86_400n + 1n]) {
        await expect(hub.setDefaultParams({ ...PARAMS, tempo }))
          .to.be.revertedWithCustomError(hub, "SubnetTempoOutOfRange")
          .withArgs(tempo);
      }
      for (const [maxValidators, maxMiners] of [
        [0n, 1n],
        [1n, 0n],
        [49n, 1n],
        [1n, 257n],
        [48n, 65n],
        [13n, 256n],
      ] as const) {
        await expect(hub.setDefaultParams({ ...PARAMS, maxValidators, maxMiners }))
          .to.be.revertedWithCustomError(hub, "SubnetTablesOutOfRange")
          .withArgs(maxValidators, maxMiners);
      }
      for (const immunity of [0n, 101n]) {
        await expect(hub.setDefaultParams({ ...PARAMS, immunity }))
          .to.be.revertedWithCustomError(hub, "SubnetImmunityOutOfRange")
          .withArgs(immunity);
      }
      for (const fraction of [{ kappa: 0n }, { kappa: ONE + 1n }, { alpha: ONE + 1n }, { beta: ONE + 1n }]) {
        const { kappa, alpha, beta } = { ...PARAMS, ...fraction };
        await expect(hub.setDefaultParams({ ...PARAMS, ...fraction }))
          .to.be.revertedWithCustomError(hub, "SubnetFractionsOutOfRange")
          .withArgs(kappa, alpha, beta);
      }
      await expect(hub.setDefaultParams({ ...PARAMS, minValidatorStake: 0n })).to.be.revertedWithCustomError(
        hub,
        "SubnetMinimumStakeZero",
      );
    });

    it("when in their ranges, limits included, counts for new subnets only", async () => {
      const { hub, creator } = await networkHelpers.loadFixture(subnetFixture);
      const params = {
        ...PARAMS,
        tempo: 28n * 86_400n,
        immunity: 100n,
        maxValidators: 12n,
        maxMiners: 256n,
        kappa: ONE,
        alpha: ONE,
        beta: ONE,
      };
      await expect(hub.setDefaultParams(params)).to.emit(hub, "DefaultParamsSet").withArgs(values(params));
      await hub.setDefaultParams({ ...params, maxValidators: 48n, maxMiners: 64n });
      await hub.setDefaultParams(params);
      await hub.connect(creator).create(0, HASH, "");
      expect(await hub.paramsOf(1)).to.deep.equal(values(PARAMS));
      expect(await hub.paramsOf(2)).to.deep.equal(values(params));
    });
  });

  describe("setMaxSubnets and setSubnetBond", () => {
    it("when the caller is not the admin, revert", async () => {
      const { hub, stranger } = await networkHelpers.loadFixture(hubFixture);
      for (const call of [
        () => hub.connect(stranger).setMaxSubnets(1),
        () => hub.connect(stranger).setSubnetBond(1),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(hub, "AccessControlUnauthorizedAccount")
          .withArgs(stranger.address, ADMIN);
      }
    });

    it("when the admin calls, count for new subnets", async () => {
      const { hub, coin, creator } = await networkHelpers.loadFixture(subnetFixture);
      await expect(hub.setSubnetBond(7)).to.emit(hub, "SubnetBondSet").withArgs(7);
      await expect(hub.setMaxSubnets(2)).to.emit(hub, "MaxSubnetsSet").withArgs(2);
      await expect(hub.connect(creator).create(0, HASH, "")).to.changeTokenBalances(
        ethers,
        coin,
        [creator, hub],
        [-7n, 7n],
      );
      await expect(hub.connect(creator).retire(1)).to.changeTokenBalance(ethers, coin, creator, BOND);
    });
  });

  describe("create", () => {
    it("when there are as many open subnets as allowed, reverts", async () => {
      const { hub, creator } = await networkHelpers.loadFixture(subnetFixture);
      await hub.setMaxSubnets(1);
      await expect(hub.connect(creator).create(0, HASH, ""))
        .to.be.revertedWithCustomError(hub, "SubnetsExceedMaximum")
        .withArgs(1);
      await hub.createSovereign(SECTOR, PARAMS, HASH, "");
      await hub.connect(creator).retire(1);
      await hub.connect(creator).create(0, HASH, "");
      expect([await hub.openSubnets(), await hub.lastSubnetId()]).to.deep.equal([1n, 3n]);
    });

    it("when the parent does not exist, reverts", async () => {
      const { hub, creator } = await networkHelpers.loadFixture(hubFixture);
      await expect(hub.connect(creator).create(1, HASH, ""))
        .to.be.revertedWithCustomError(hub, "SubnetNonexistent")
        .withArgs(1);
    });

    it("when the caller lacks the bond, reverts", async () => {
      const { hub, coin, stranger } = await networkHelpers.loadFixture(hubFixture);
      await expect(hub.connect(stranger).create(0, HASH, ""))
        .to.be.revertedWithCustomError(coin, "ERC20InsufficientAllowance")
        .withArgs(await hub.getAddress(), 0, BOND);
    });

    it("when it names a parent, inherits its parameters", async () => {
      const { hub, creator } = await networkHelpers.loadFixture(subnetFixture);
      await hub.setDefaultParams({ ...PARAMS, tempo: 2n * HOUR });
      await expect(hub.connect(creator).create(1, HASH, "ipfs://child"))
        .to.emit(hub, "SubnetCreated")
        .withArgs(2, creator.address, Kind.Open, 0, 1, BOND, values(PARAMS), HASH, "ipfs://child");
      const subnet = await hub.subnetOf(2);
      expect([subnet.creator, subnet.parentId, subnet.bond, subnet.kind]).to.deep.equal([
        creator.address,
        1n,
        BOND,
        Kind.Open,
      ]);
      expect(subnet.start).to.equal(await networkHelpers.time.latest());
      expect(await hub.paramsOf(2)).to.deep.equal(values(PARAMS));
    });
  });

  describe("createSovereign", () => {
    it("when the caller is not the admin, reverts", async () => {
      const { hub, stranger } = await networkHelpers.loadFixture(hubFixture);
      await expect(hub.connect(stranger).createSovereign(SECTOR, PARAMS, HASH, ""))
        .to.be.revertedWithCustomError(hub, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ADMIN);
    });

    it("when the sector has one already, reverts until it is retired", async () => {
      const { hub } = await networkHelpers.loadFixture(hubFixture);
      await hub.createSovereign(SECTOR, PARAMS, HASH, "");
      await expect(hub.createSovereign(SECTOR, PARAMS, HASH, ""))
        .to.be.revertedWithCustomError(hub, "SectorHasSubnet")
        .withArgs(SECTOR, 1);
      await hub.createSovereign(8, PARAMS, HASH, "");
      await hub.retire(1);
      expect(await hub.sovereignOf(SECTOR)).to.equal(0n);
      await hub.createSovereign(SECTOR, PARAMS, HASH, "");
      expect(await hub.sovereignOf(SECTOR)).to.equal(3n);
    });

    it("when a parameter is out of its range, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(hubFixture);
      await expect(hub.createSovereign(SECTOR, { ...PARAMS, tempo: 1n }, HASH, ""))
        .to.be.revertedWithCustomError(hub, "SubnetTempoOutOfRange")
        .withArgs(1);
    });

    it("when the admin calls, creates it without bond", async () => {
      const { hub, admin } = await networkHelpers.loadFixture(hubFixture);
      await expect(hub.createSovereign(SECTOR, PARAMS, HASH, "ipfs://sector"))
        .to.emit(hub, "SubnetCreated")
        .withArgs(1, admin.address, Kind.Sovereign, SECTOR, 0, 0, values(PARAMS), HASH, "ipfs://sector");
      expect(await hub.openSubnets()).to.equal(0n);
    });
  });

  describe("clockOf", () => {
    it("when the subnet does not exist, reverts, as all views of a subnet", async () => {
      const { hub, stranger } = await networkHelpers.loadFixture(hubFixture);
      for (const call of [
        () => hub.clockOf(1),
        () => hub.epochEndOf(1, 1),
        () => hub.subnetOf(1),
        () => hub.paramsOf(1),
        () => hub.countedStakeOf(1, stranger),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(hub, "SubnetNonexistent").withArgs(1);
      }
    });

    it("when time passes, counts phases and epochs from 1", async () => {
      const { hub, creator } = await networkHelpers.loadFixture(hubFixture);
      // Not divisible by 4: phases begin at the first second after a quarter.
      const tempo = HOUR + 1n;
      await hub.setDefaultParams({ ...PARAMS, tempo });
      await hub.connect(creator).create(0, HASH, "");
      const { start } = await hub.subnetOf(1);
      for (const [elapsed, epoch, phase, endsAt] of [
        [0n, 1n, Phase.Task, 901n],
        [900n, 1n, Phase.Task, 901n],
        [901n, 1n, Phase.Answer, 1_801n],
        [1_801n, 1n, Phase.Score, 2_701n],
        [2_700n, 1n, Phase.Score, 2_701n],
        [2_701n, 1n, Phase.Reveal, tempo],
        [tempo - 1n, 1n, Phase.Reveal, tempo],
        [tempo, 2n, Phase.Task, tempo + 901n],
        [1_000n * tempo, 1_001n, Phase.Task, 1_000n * tempo + 901n],
      ] as const) {
        if (elapsed > 0n) await networkHelpers.time.increaseTo(start + elapsed);
        expect(await hub.clockOf(1)).to.deep.equal([epoch, phase, start + endsAt]);
        expect(await hub.epochEndOf(1, epoch)).to.equal(start + epoch * tempo);
      }
    });
  });

  describe("retire", () => {
    it("when the subnet does not exist, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(hubFixture);
      await expect(hub.retire(1)).to.be.revertedWithCustomError(hub, "SubnetNonexistent").withArgs(1);
    });

    it("when the caller did not create it, reverts, for the admin too", async () => {
      const { hub, admin } = await networkHelpers.loadFixture(subnetFixture);
      await expect(hub.retire(1))
        .to.be.revertedWithCustomError(hub, "CallerNotSubnetCreator")
        .withArgs(1, admin.address);
    });

    it("when it is sovereign and the caller is not the admin, reverts", async () => {
      const { hub, admin, stranger } = await networkHelpers.loadFixture(hubFixture);
      await hub.createSovereign(SECTOR, PARAMS, HASH, "");
      await hub.grantRole(ADMIN, stranger);
      await hub.renounceRole(ADMIN, admin);
      await expect(hub.retire(1))
        .to.be.revertedWithCustomError(hub, "AccessControlUnauthorizedAccount")
        .withArgs(admin.address, ADMIN);
      await hub.connect(stranger).retire(1);
    });

    it("when it is retired already, reverts", async () => {
      const { hub, creator } = await networkHelpers.loadFixture(subnetFixture);
      await hub.connect(creator).retire(1);
      await expect(hub.connect(creator).retire(1))
        .to.be.revertedWithCustomError(hub, "SubnetIsRetired")
        .withArgs(1, 2);
    });

    it("when an earlier epoch is pending, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, creator, validators, goTo } = fixture;
      await score(fixture, 2n, new Map([[validators[0], [1]]]));
      await goTo(3n);
      await expect(hub.connect(creator).retire(1))
        .to.be.revertedWithCustomError(hub, "EpochPending")
        .withArgs(1, 2);
      await hub.runEpoch(1);
      await hub.connect(creator).retire(1);
    });

    it("when the creator calls, ends it after the current epoch and returns the bond", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, coin, creator, sponsor, validators, miners, goTo } = fixture;
      const [validator, miner] = [hub.connect(validators[0]), hub.connect(miners[3])];
      await score(fixture, 2n, new Map([[validators[1], [1]]]));
      const retired = hub.connect(creator).retire(1);
      await expect(retired).to.emit(hub, "SubnetRetired").withArgs(1, 3, BOND);
      await expect(retired).to.changeTokenBalances(ethers, coin, [creator, hub], [BOND, -BOND]);
      expect([(await hub.subnetOf(1)).retiredFrom, (await hub.subnetOf(1)).bond]).to.deep.equal([3n, 0n]);
      expect(await hub.openSubnets()).to.equal(0n);
      await expect(validator.stake(1, 1)).not.to.revert(ethers);

      await goTo(3n);
      await hub.runEpoch(1);
      for (const call of [
        () => validator.stake(1, 1),
        () => validator.registerValidator(1),
        () => miner.registerMiner(1),
        () => validator.commitWeights(1, HASH),
        () => validator.commitTestSet(1, HASH, 0, 0),
        () => miner.commitAnswer(1, HASH),
        () => miner.revealAnswer(1, HASH, "", HASH),
        () => validator.revealTestSet(1, HASH, "", HASH),
        () => reveal(hub, validators[0], "0x"),
        () => hub.rollOver(1, coin, 2),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(hub, "SubnetIsRetired").withArgs(1, 3);
      }
      await expect(hub.connect(sponsor).fund(1, coin, 1, 3, 1))
        .to.be.revertedWithCustomError(hub, "SubnetIsRetired")
        .withArgs(1, 3);
      await validator.unstake(1, 500n * COIN);
      await validator.deregisterValidator(1);
    });
  });
});

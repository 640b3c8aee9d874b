import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { type Attacked, attacked, runEpoch, scoreAndRun, sharesOf } from "../subnets/attacks.ts";
import {
  COIN,
  FEE,
  HASH,
  Phase,
  packWeights,
  reveal,
  type Signer,
  score,
  UNSTAKE_DELAY,
  weightsHash,
} from "../subnets/support.ts";

describe("attacks on epochs of subnets", () => {
  describe("by stake moved between two validators", () => {
    const COINS = 500n * COIN;
    const MONTH = 28n * 86_400n;

    it("when stake counts at once and comes back at once, the same coins count twice", async () => {
      const [first, second] = (await ethers.getSigners()) as [Signer, Signer];
      const coin = await ethers.deployContract("VotesToken");
      const twin = await ethers.deployContract("InstantStakes", [coin]);
      await coin.mint(first, COINS);
      for (const account of [first, second]) await coin.connect(account).approve(twin, COINS);
      await twin.connect(first).stake(COINS);
      await twin.connect(first).vote();
      await twin.connect(first).unstake(COINS);
      await coin.connect(first).transfer(second, COINS);
      await twin.connect(second).stake(COINS);
      await twin.connect(second).vote();
      expect(await twin.votes()).to.equal(2n * COINS);
    });

    it("with SubnetHub, unstaked coins stop counting although their owner has revealed", async () => {
      const { hub, validators, goTo } = await attacked({
        params: { immunity: 1n, minTotalStake: 100n * COIN },
        stakes: [500n, 100n],
        miners: 1,
      });
      const [first, second] = validators;
      await score({ hub, goTo }, 2n, new Map([first, second].map((validator) => [validator, [1n]])));
      await hub.connect(first).unstake(1, COINS);
      await goTo(3n);
      expect((await runEpoch(hub)).stakes).to.deep.equal([0n, 100n * COIN]);
      expect((await sharesOf(hub, 2n)).get(first.address)).to.equal(0n);
    });

    it("with SubnetHub, coins moved within the longest epoch count in none of it, and once in the next", async () => {
      const { hub, coin, validators, goTo, startOf } = await attacked({
        params: { tempo: MONTH, immunity: 1n },
        stakes: [500n, 100n],
        miners: 1,
      });
      const [first, second] = validators;
      const counted = async () => [await hub.countedStakeOf(1, first), await hub.countedStakeOf(1, second)];
      await hub.connect(first).unstake(1, COINS);
      const requestedAt = BigInt(await networkHelpers.time.latest());
      await expect(hub.connect(first).withdraw(1))
        .to.be.revertedWithCustomError(hub, "WithdrawalNotReady")
        .withArgs(1, first.address, requestedAt + UNSTAKE_DELAY);
      await networkHelpers.time.increaseTo(requestedAt + UNSTAKE_DELAY);
      await hub.connect(first).withdraw(1);
      await coin.connect(first).transfer(second, COINS);
      await hub.connect(second).stake(1, COINS);
      expect(await counted()).to.deep.equal([0n, 100n * COIN]);
      expect(await networkHelpers.time.latest()).to.be.below(await startOf(2n, Phase.Reveal));
      await scoreAndRun({ hub, goTo }, 2n, new Map([[second, [1n]]]));
      expect(await counted()).to.deep.equal([0n, 600n * COIN]);
    });
  });

  describe("by a miner with many keys", () => {
    it("when replacements have neither maximum nor fee, many keys evict the best miner in one epoch", async () => {
      const [honest, ...keys] = await ethers.getSigners();
      const twin = await ethers.deployContract("UnlimitedMiners", [6]);
      for (const account of [honest, ...keys.slice(0, 5)]) await twin.connect(account).register();
      await twin.advance();
      for (const key of keys.slice(6, 12)) await twin.connect(key).register();
      expect((await twin.miners(0)).account).to.equal(keys[11]?.address);
    });

    it("with SubnetHub, keys in a full table replace one another, and their fees pay the honest miner", async () => {
      const fixture = await attacked({
        params: { immunity: 1n, maxMiners: 6n },
        stakes: [300n, 300n],
        miners: 6,
      });
      const { hub, coin, creator, sponsor, validators, miners, goTo } = fixture;
      const [honest, second, ...keys] = miners;
      const attackers: Signer[] = [...keys, validators[2], validators[3], sponsor, creator];
      const outside = async () => {
        const inside = (await hub.minersOf(1)).map(({ account }) => account);
        return attackers.filter(({ address }) => !inside.includes(address));
      };
      const rows = new Map(validators.slice(0, 2).map((validator) => [validator, [3n, 1n]]));
      await scoreAndRun(fixture, 2n, rows);
      for (const epoch of [3n, 4n, 5n]) {
        for (const attacker of (await outside()).slice(0, 4)) await hub.connect(attacker).registerMiner(1);
        const [next] = await outside();
        await expect(hub.connect(next as Signer).registerMiner(1))
          .to.be.revertedWithCustomError(hub, "ReplacementsExceedMaximum")
          .withArgs(1, epoch, 4);
        expect(await hub.minerSlotOf(1, honest)).to.equal(0n);
        expect(await hub.minerSlotOf(1, second)).to.equal(1n);
        expect((await hub.potOf(1, coin, epoch)).total).to.equal(4n * FEE);
        await scoreAndRun(fixture, epoch, rows);
        await goTo(epoch + 1n);
        await expect(hub.claim(1, epoch, coin, [2])).to.changeTokenBalance(
          ethers,
          coin,
          honest,
          (3n * 4n * FEE) / 8n,
        );
      }
    });
  });

  describe("by an epoch stalled half-way", () => {
    it("when an epoch pays all as it is run, one bad account or token stalls all", async () => {
      const [alice, bob] = (await ethers.getSigners()) as [Signer, Signer];
      const twin = await ethers.deployContract("PushingSubnet");
      const good = await ethers.deployContract("PlainToken", [18]);
      const bad = await ethers.deployContract("BlocklistToken");
      for (const token of [good, bad]) await token.mint(twin, 100n);
      const tokens = [await good.getAddress(), await bad.getAddress()];
      await bad.setBlocked(bob, true);
      await expect(twin.run(tokens, [alice.address, bob.address]))
        .to.be.revertedWithCustomError(bad, "AccountBlocked")
        .withArgs(bob.address);
      expect([await twin.lastEpoch(), await good.balanceOf(alice)]).to.deep.equal([0n, 0n]);
    });

    it("when an epoch is run in two steps, stake added between them takes more than the pot", async () => {
      const [alice, bob] = (await ethers.getSigners()) as [Signer, Signer];
      const twin = await ethers.deployContract("SteppedSubnet");
      for (const staker of [alice, bob]) await twin.connect(staker).stake(100n);
      await twin.sum();
      await twin.connect(bob).stake(900n);
      await twin.pay();
      expect(await twin.earned(bob)).to.equal(5n * (await twin.POT()));
    });

    /** Epoch 2 is over and pending. Of its tokens one pays nobody, one blocks all payees, and one works. */
    async function pendingFixture() {
      const fixture = await attacked({ stakes: [300n, 300n, 300n], miners: 3 });
      const { hub, sponsor, validators, miners, goTo } = fixture;
      const [broken, blocking, good] = [
        await ethers.deployContract("FalseToken"),
        await ethers.deployContract("BlocklistToken"),
        await ethers.deployContract("PlainToken", [18]),
      ];
      for (const token of [broken, blocking, good]) {
        await token.mint(sponsor, 1_000n);
        await token.connect(sponsor).approve(hub, 1_000n);
        await hub.connect(sponsor).fund(1, token, 1_000, 2, 1);
      }
      await broken.breakDown();
      for (const account of [...validators, ...miners]) await blocking.setBlocked(account, true);
      const rows = validators.slice(0, 2).map((validator, i) => [validator, [3n, 1n, BigInt(i)]] as const);
      await score(fixture, 2n, new Map(rows));
      await goTo(3n);
      return { ...fixture, broken, blocking, good };
    }

    it("with SubnetHub, whatever changes the epoch's inputs waits for the run", async () => {
      const { hub, validators, miners, creator, goTo } = await networkHelpers.loadFixture(pendingFixture);
      const [validator, , , newcomer] = validators;
      const weights = packWeights([0, 0, 1]);
      const hash = await weightsHash({ hub, validator, weights, epoch: 3n });
      await hub.connect(validator).commitWeights(1, hash);
      const refuse = async (call: Promise<unknown>) =>
        await expect(call).to.be.revertedWithCustomError(hub, "EpochPending").withArgs(1, 2);
      await refuse(hub.connect(validator).stake(1, COIN));
      await refuse(hub.connect(validator).unstake(1, COIN));
      await refuse(hub.connect(validator).deregisterValidator(1));
      await refuse(hub.connect(newcomer).registerValidator(1));
      await refuse(hub.connect(miners[0]).deregisterMiner(1));
      await refuse(hub.connect(miners[3]).registerMiner(1));
      await refuse(hub.connect(creator).retire(1));
      await goTo(3n, Phase.Reveal);
      await refuse(reveal(hub, validator, weights));
      await runEpoch(hub);
      await reveal(hub, validator, weights);
    });

    it("with SubnetHub, the result is the same however late a stranger runs it, and no token takes part", async () => {
      const fixture = await networkHelpers.loadFixture(pendingFixture);
      const snapshot = await networkHelpers.takeSnapshot();
      const prompt = await resultOf(fixture);
      await snapshot.restore();
      const { hub, coin, broken, blocking, good, sponsor, validators, miners, goTo } = fixture;
      const [validator] = validators;
      // Other calls do not wait. They change nothing.
      await hub.connect(validator).commitWeights(1, HASH);
      await hub.connect(validator).setDelegatee(sponsor);
      await hub.connect(sponsor).fund(1, coin, 1_000, 3, 1);
      await goTo(9n, Phase.Answer);
      await hub.connect(miners[0]).commitAnswer(1, HASH);
      expect(await resultOf(fixture)).to.deep.equal(prompt);
      const all = [0, 1, 2, 3, 4, 5];
      await expect(hub.claim(1, 2, broken, all)).to.be.revertedWithCustomError(
        hub,
        "SafeERC20FailedOperation",
      );
      await expect(hub.claim(1, 2, blocking, all)).to.be.revertedWithCustomError(blocking, "AccountBlocked");
      await hub.claim(1, 2, good, all);
      expect(await good.balanceOf(hub)).to.be.below(6n);
    });

    async function resultOf({ hub, stranger }: Attacked) {
      await hub.connect(stranger).runEpoch(1);
      return (await hub.sharesOf(1, 2)).map(({ account, share }) => ({ account, share }));
    }
  });
});

import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { attacked, HALF, runEpoch, scoreAlone, scoreAndRun, sharesOf } from "../subnets/attacks.ts";
import { COIN, FEE, ONE, Phase, type Signer, score } from "../subnets/support.ts";

describe("attacks by validators of subnets", () => {
  describe("by a slot that is taken only to wipe its bonds", () => {
    it("when a validator can unstake at once, another's bonds are wiped for nothing", async () => {
      const [victim, attacker] = (await ethers.getSigners()) as [Signer, Signer];
      const twin = await ethers.deployContract("UnboundSlot");
      await twin.connect(victim).stake(300n);
      await twin.connect(victim).register();
      await twin.advance();
      await twin.connect(attacker).stake(301n);
      await twin.connect(attacker).register();
      await twin.connect(attacker).unstake(301n);
      await twin.connect(victim).register();
      expect([await twin.validator(), await twin.bond()]).to.deep.equal([victim.address, 0n]);
      expect(await twin.stakeOf(attacker)).to.equal(0n);
    });

    it("with SubnetHub, the attacker's coins stay bound until its immunity ends", async () => {
      const fixture = await attacked({
        params: { maxValidators: 3n, immunity: 2n },
        stakes: [500n, 400n, 300n],
        miners: 2,
      });
      const { hub, validators, goTo } = fixture;
      const [attacker, victim] = [validators[3], validators[2]];
      const rows = new Map(validators.slice(0, 3).map((validator) => [validator, [3n, 1n]]));
      await hub.connect(attacker).stake(1, 301n * COIN);
      await scoreAndRun(fixture, 2n, rows);
      expect((await sharesOf(hub, 2n)).get(victim.address)).to.be.above(0n);
      await hub.connect(attacker).registerValidator(1);
      for (const epoch of [3n, 4n]) {
        await goTo(epoch);
        const own = hub.connect(attacker);
        for (const call of [() => own.unstake(1, 1n), () => own.deregisterValidator(1)])
          await expect(call())
            .to.be.revertedWithCustomError(hub, "ValidatorBound")
            .withArgs(1, attacker.address, 5);
      }
      // Its stake is above the victim's all the time, so the slot is its own by the rules.
      expect(await hub.countedStakeOf(1, attacker)).to.equal(301n * COIN);
      await goTo(5n);
      await hub.connect(attacker).unstake(1, 301n * COIN);
      await hub.connect(victim).registerValidator(1);
      expect(await hub.validatorSlotOf(1, victim)).to.equal(2n);
    });
  });

  describe("by weights revealed alone", () => {
    it("when an epoch needs no turnout, a hundredth of the stake pays itself and its own miner all", async () => {
      const [lone, other, own, honest] = (await ethers.getSigners()) as [Signer, Signer, Signer, Signer];
      const miners = [own.address, honest.address];
      const twin = await ethers.deployContract("OpenSubnet", [
        [lone.address, other.address],
        [1n, 99n],
        miners,
        HALF,
      ]);
      await twin.connect(lone).setWeights([1n, 0n]);
      await twin.run();
      expect((await twin.earned(lone)) + (await twin.earned(own))).to.equal(ONE);
    });

    it("with SubnetHub, it pays nobody, decides nothing, and the pot rolls over", async () => {
      const fixture = await attacked({ stakes: [100n, 300n, 300n], miners: 2 });
      const { hub, coin, sponsor, validators, goTo } = fixture;
      const [lone, ...others] = validators.slice(0, 3) as [Signer, Signer, Signer];
      await hub.connect(sponsor).fund(1, coin, 1_000, 2, 3);
      const honest = new Map([lone, ...others].map((validator) => [validator, [1n, 3n]]));
      const alone = new Map([[lone, [1n, 0n]]]);
      await scoreAndRun(fixture, 2n, honest);
      const snapshot = await networkHelpers.takeSnapshot();
      await scoreAndRun(fixture, 3n, honest);
      await scoreAndRun(fixture, 4n, honest);
      const fair = (await sharesOf(hub, 4n)).get(lone.address);
      await snapshot.restore();

      await scoreAndRun(fixture, 3n, alone);
      expect(new Set((await sharesOf(hub, 3n)).values())).to.deep.equal(new Set([0n]));
      await hub.rollOver(1, coin, 3);
      expect(await hub.potOf(1, coin, 4)).to.deep.equal([2_000n, 1_000n]);
      await goTo(4n);
      await scoreAndRun(fixture, 4n, honest);
      // Its bonds did not grow, either.
      expect((await sharesOf(hub, 4n)).get(lone.address)).to.be.at.most(fair);
    });
  });

  describe("by dead pots moved into an epoch that one validator decides alone", () => {
    const fixtureOf = () => attacked({ stakes: [300n, 300n], miners: 2 });

    for (const phase of ["Score", "Reveal"] as const) {
      it(`when they roll over into the epoch in its phase ${phase}, it takes them`, async () => {
        const fixture = await networkHelpers.loadFixture(fixtureOf);
        const { hub, validators, miners } = fixture;
        const twin = await ethers.deployContract("EagerPots", [Phase[phase]]);
        await twin.fund(1, 1_000);
        await scoreAlone(fixture, phase, () => twin.rollOver(hub, 1, 1));
        expect(await twin.earned(hub, 1, 2, validators[0])).to.equal(500n);
        expect(await twin.earned(hub, 1, 2, miners[0])).to.equal(500n);
      });

      it(`with SubnetHub, the next epoch gets them in the phase ${phase}`, async () => {
        const fixture = await networkHelpers.loadFixture(fixtureOf);
        const { hub, coin } = fixture;
        await scoreAlone(fixture, phase, () => hub.rollOver(1, coin, 1));
        expect(await hub.potOf(1, coin, 2)).to.deep.equal([0n, 0n]);
        expect(await hub.potOf(1, coin, 3)).to.deep.equal([2n * FEE, 0n]);
      });
    }

    it("with SubnetHub, when they roll over before the phase Score, others can still commit weights", async () => {
      const fixture = await networkHelpers.loadFixture(fixtureOf);
      const { hub, coin, validators, goTo } = fixture;
      const [lone, other] = validators;
      const row = new Map([[lone, [1n]]]);
      await goTo(2n, Phase.Answer);
      await hub.rollOver(1, coin, 1);
      await goTo(2n, Phase.Score);
      await score(fixture, 2n, row.set(other, [0n, 1n]));
      await goTo(3n);
      await runEpoch(hub);
      const shares = await sharesOf(hub, 2n);
      expect(shares.get(other.address)).to.equal(shares.get(lone.address));
      expect(shares.get(other.address)).to.be.above(0n);
      expect(await hub.potOf(1, coin, 2)).to.deep.equal([2n * FEE, 0n]);
    });
  });
});

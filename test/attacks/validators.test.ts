import { expect } from "chai";
import { ethers } from "../grid.ts";
import { attacked, scoreAndRun, sharesOf } from "../subnets/attacks.ts";
import { COIN, type Signer } from "../subnets/support.ts";

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
});

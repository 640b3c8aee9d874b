import { expect } from "chai";
import { networkHelpers } from "../grid.ts";
import { expectEqual, expectedOf, type Rows, runOf } from "./run.ts";
import { COIN, HASH, hubFixture, PARAMS, Phase, SECTOR, type Signer, score } from "./support.ts";

describe("SubnetHub.qualityOf", () => {
  const QUALITY_ONE = 65_536n;

  async function sovereignFixture() {
    const fixture = await networkHelpers.loadFixture(hubFixture);
    const { hub, champions, validators, miners, goTo } = fixture;
    await hub.createSovereign(SECTOR, PARAMS, HASH, "");
    for (const [i, coins] of [500n, 300n].entries()) {
      const validator = hub.connect(validators[i] as Signer);
      await validator.stake(1, coins * COIN);
      await validator.registerValidator(1);
    }
    for (const [i, miner] of miners.slice(0, 3).entries()) {
      await champions.setOperator(i + 1, miner);
      await champions.setRewarded(i + 1, SECTOR, true);
      await hub.connect(miner).registerChampion(1, i + 1);
    }
    await goTo(2n);
    return fixture;
  }

  it("when the sector has no sovereign subnet, or none of its epochs was run, is 1", async () => {
    const { hub } = await networkHelpers.loadFixture(sovereignFixture);
    for (const [sector, championId] of [
      [SECTOR, 1],
      [SECTOR, 9],
      [8, 1],
    ] as const)
      expect(await hub.qualityOf(sector, championId)).to.equal(QUALITY_ONE);
  });

  it("when an epoch was run, is the incentive over the best, and 0 without a slot", async () => {
    const fixture = await networkHelpers.loadFixture(sovereignFixture);
    const { hub, validators, goTo } = fixture;
    const rows: Rows = new Map([
      [validators[0], [4n, 2n, 1n]],
      [validators[1], [4n, 2n, 1n]],
    ]);
    await score(fixture, 2n, rows);
    expect(await hub.qualityOf(SECTOR, 2)).to.equal(QUALITY_ONE);
    await goTo(3n);
    const run = await runOf(hub, hub.runEpoch(1));
    expectEqual(run, expectedOf(run, rows, undefined, false));
    expect(run.shares.slice(2)).to.deep.equal([0n, 0n, 0n]);
    expect(run.shares[0]).to.be.above(0n);
    const [best, second] = run.incentives as [bigint, bigint];
    expect([
      await hub.qualityOf(SECTOR, 1),
      await hub.qualityOf(SECTOR, 2),
      await hub.qualityOf(SECTOR, 4),
    ]).to.deep.equal([QUALITY_ONE, (second << 16n) / best, 0n]);
    await hub.retire(1);
    expect(await hub.qualityOf(SECTOR, 2)).to.equal(QUALITY_ONE);
  });

  it("when validators have less than the minimum, now or in that epoch, is 1", async () => {
    const fixture = await networkHelpers.loadFixture(sovereignFixture);
    const { hub, validators, goTo } = fixture;
    await score(fixture, 2n, new Map([[validators[0], [4n, 2n, 1n]]]));
    await goTo(3n);
    await hub.runEpoch(1);
    expect(await hub.qualityOf(SECTOR, 2)).to.equal(32_768n);
    await hub.connect(validators[0]).unstake(1, 400n * COIN);
    expect(await hub.qualityOf(SECTOR, 2)).to.equal(32_768n);
    await hub.connect(validators[1]).unstake(1, 101n * COIN);
    expect(await hub.qualityOf(SECTOR, 2)).to.equal(QUALITY_ONE);
    await hub.connect(validators[1]).stake(1, 500n * COIN);
    expect(await hub.qualityOf(SECTOR, 2)).to.equal(QUALITY_ONE);
    await score(fixture, 3n, new Map([[validators[0], [4n, 2n, 1n]]]));
    await goTo(4n);
    expect(await hub.qualityOf(SECTOR, 2)).to.equal(32_768n);
    // Only 100 coins revealed weights in this epoch.
    await hub.runEpoch(1);
    expect(await hub.qualityOf(SECTOR, 2)).to.equal(QUALITY_ONE);
    // Without weights for any miner, the incentives of epoch 2 do not decide again.
    await score(fixture, 4n, new Map([[validators[1], []]]));
    await goTo(5n);
    await hub.runEpoch(1);
    expect(await hub.qualityOf(SECTOR, 2)).to.equal(QUALITY_ONE);
    await score(fixture, 5n, new Map([[validators[1], [4n, 1n]]]));
    await goTo(6n);
    await hub.runEpoch(1);
    expect(await hub.qualityOf(SECTOR, 2)).to.equal(16_384n);
  });

  it("when the last epoch with incentives is more than 4 epochs ago, is 1 until the next", async () => {
    const fixture = await networkHelpers.loadFixture(sovereignFixture);
    const { hub, validators, goTo } = fixture;
    expect(await hub.MAX_QUALITY_AGE()).to.equal(4n);
    await score(fixture, 2n, new Map([[validators[0], [4n, 2n, 1n]]]));
    await goTo(3n);
    await hub.runEpoch(1);
    // Validators that reveal no weights for any miner do not decide.
    await score(fixture, 5n, new Map([[validators[0], []]]));
    await goTo(6n);
    await hub.runEpoch(1);
    await goTo(6n, Phase.Reveal);
    for (const [championId, quality] of [
      [2, 32_768n],
      [4, 0n],
    ] as const)
      expect(await hub.qualityOf(SECTOR, championId)).to.equal(quality);
    await goTo(7n);
    for (const championId of [1, 2, 4]) expect(await hub.qualityOf(SECTOR, championId)).to.equal(QUALITY_ONE);
    await score(fixture, 8n, new Map([[validators[0], [4n, 1n]]]));
    await goTo(9n);
    await hub.runEpoch(1);
    expect(await hub.qualityOf(SECTOR, 2)).to.equal(16_384n);
  });
});

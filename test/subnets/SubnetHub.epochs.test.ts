import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { expectEqual, expectedOf, type Rows, type Run, runOf } from "./run.ts";
import {
  COIN,
  hubFixture,
  ONE,
  PARAMS,
  Phase,
  packWeights,
  reveal,
  type Signer,
  score,
  seatsFixture,
  weightsHash,
} from "./support.ts";

const EMPTY = 2n ** 256n - 1n;

describe("SubnetHub epochs", () => {
  describe("runEpoch", () => {
    it("when the subnet does not exist, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(hubFixture);
      await expect(hub.runEpoch(1)).to.be.revertedWithCustomError(hub, "SubnetNonexistent").withArgs(1);
    });

    it("when nobody revealed weights, reverts", async () => {
      const { hub, goTo } = await networkHelpers.loadFixture(seatsFixture);
      await goTo(5n);
      await expect(hub.runEpoch(1)).to.be.revertedWithCustomError(hub, "EpochNotPending").withArgs(1);
    });

    it("when the epoch is not over, reverts; once it was run, too", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, validators, goTo } = fixture;
      await score(fixture, 2n, new Map([[validators[0], [1]]]));
      await expect(hub.runEpoch(1))
        .to.be.revertedWithCustomError(hub, "EpochNotOver")
        .withArgs(1, 2, await hub.epochEndOf(1, 2));
      await goTo(3n);
      expect(await hub.runEpoch.staticCall(1)).to.equal(2n);
      await hub.runEpoch(1);
      await expect(hub.runEpoch(1)).to.be.revertedWithCustomError(hub, "EpochNotPending").withArgs(1);
    });

    it("when anyone calls, records what the model computes, and who was paid", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, validators, miners, stranger, goTo } = fixture;
      const rows: Rows = new Map([
        [validators[0], [65_535n, 30_000n, 0n]],
        [validators[1], [60_000n, 65_535n, 1n]],
        [validators[2], [0n, 1n, 65_535n]],
      ]);
      await score(fixture, 2n, rows);
      await goTo(4n);
      const run = await runOf(hub, hub.connect(stranger).runEpoch(1));
      expectEqual(run, expectedOf(run, rows, undefined));
      expect(run.stakes).to.deep.equal([500n * COIN, 300n * COIN, 200n * COIN]);
      expect([run.epoch, run.previousEpoch, run.revealed, run.permits]).to.deep.equal([2n, 0n, 7n, 7n]);
      expect(run.accounts).to.deep.equal(
        [...validators.slice(0, 3), ...miners.slice(0, 3)].map((a) => a.address),
      );
      expect(await hub.recordOf(1, 2)).to.deep.equal([run.record, 3n, 3n, true]);
      expect(await ethers.provider.getCode(run.record)).to.equal(`0x00${run.data.slice(2)}`);
      expect(await hub.sharesOf(1, 2)).to.deep.equal(
        run.accounts.map((account, i) => [account, run.shares[i]]),
      );
      expect(run.shares.reduce((sum, share) => sum + share)).to.be.within(ONE - 6n, ONE);
      const { pendingEpoch, lastEpoch, gradedAt, bestIncentive } = await hub.subnetOf(1);
      expect([pendingEpoch, lastEpoch, gradedAt]).to.deep.equal([0n, 2n, 2n]);
      expect((await hub.minersOf(1)).map(({ incentive }) => incentive)).to.deep.equal(run.incentives);
      expect(run.incentives).to.include(bestIncentive);
    });

    it("when a validator has left, its empty slot earns nothing", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, validators, goTo } = fixture;
      const rows: Rows = new Map(validators.slice(0, 3).map((validator) => [validator, [3n, 1n]]));
      await score(fixture, 2n, rows);
      await goTo(3n);
      const before = await runOf(hub, hub.runEpoch(1));
      await hub.connect(validators[0]).deregisterValidator(1);
      const others: Rows = new Map([...rows].slice(1));
      await score(fixture, 3n, others);
      await goTo(4n);
      const run = await runOf(hub, hub.runEpoch(1));
      expectEqual(run, expectedOf(run, others, before));
      expect([run.accounts[0], run.stakes[0], run.shares[0]]).to.deep.equal([ethers.ZeroAddress, 0n, 0n]);
    });

    it("when tables, stakes and who reveals change over epochs, stays equal to the model", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, coin, validators, miners, goTo } = fixture;
      const [a, b, c, d] = validators;
      let previous: Run | undefined;
      const epoch = async (number: bigint, rows: Rows) => {
        await score(fixture, number, rows);
        await goTo(number + 1n);
        const run = await runOf(hub, hub.runEpoch(1));
        expectEqual(run, expectedOf(run, rows, previous));
        previous = run;
        return run;
      };
      await epoch(
        2n,
        new Map([
          [a, [9n, 4n, 1n]],
          [b, [8n, 5n, 0n]],
          [c, [1n, 1n, 1n]],
        ]),
      );
      // A new miner, which earns from its second epoch on. A validator does not reveal: it keeps bonds, without pay.
      await hub.connect(miners[3]).registerMiner(1);
      const third = await epoch(
        3n,
        new Map([
          [a, [1n, 0n, 0n, 65_535n]],
          [b, [1n, 2n, 0n, 65_535n]],
        ]),
      );
      expect(third.incentives[3]).to.equal(0n);
      expect(third.dividends[2]).to.be.above(0n);
      expect(third.shares[2]).to.equal(0n);
      expect(third.bonds[2]?.[0]).to.be.above(0n);
      // A validator is a miner too: its weight for itself is zeroed. Another one leaves, and its slot is taken.
      await hub.connect(miners[1]).deregisterMiner(1);
      await hub.connect(a).registerMiner(1);
      await hub.connect(c).deregisterValidator(1);
      await hub.connect(d).stake(1, 250n * COIN);
      await hub.connect(d).registerValidator(1);
      const fourth = await epoch(4n, new Map([[b, [1n, 2n, 3n, 4n]]]));
      expect(fourth.validatorsRegisteredAt).to.deep.equal([1n, 1n, 4n]);
      expect(fourth.stakes[2]).to.equal(0n);
      const fifth = await epoch(
        5n,
        new Map([
          [a, [1n, 65_535n, 3n, 4n]],
          [b, [1n, 0n, 3n, 4n]],
          [d, [0n, 0n, 65_535n, 4n]],
        ]),
      );
      expect(fifth.consensus[1]).to.equal(0n);
      // Below the minimum stake: no permit. An empty slot earns nothing. An epoch without reveals is not run.
      await hub.connect(a).unstake(1, 401n * COIN);
      await hub.connect(miners[0]).deregisterMiner(1);
      const seventh = await epoch(
        7n,
        new Map([
          [a, [1n, 0n, 65_535n, 4n]],
          [b, [65_535n, 5n, 3n, 4n]],
          [d, [65_535n, 9n, 1n, 4n]],
        ]),
      );
      expect([seventh.previousEpoch, seventh.permits, seventh.revealed]).to.deep.equal([5n, 6n, 7n]);
      expect([seventh.minersRegisteredAt[0], seventh.incentives[0], seventh.shares[0]]).to.deep.equal([
        EMPTY,
        0n,
        0n,
      ]);
      expect(await coin.getVotes(hub)).to.equal(0n);
    });

    it("when all miners have no weights, pays nobody and keeps their incentives", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, validators, goTo } = fixture;
      await score(fixture, 2n, new Map([[validators[0], [3n, 1n, 0n]]]));
      await goTo(3n);
      await hub.runEpoch(1);
      const before = [await hub.minersOf(1), await hub.subnetOf(1)] as const;
      await score(fixture, 3n, new Map([[validators[1], []]]));
      await goTo(4n);
      const run = await runOf(hub, hub.runEpoch(1));
      expect(run.shares).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
      expect((await hub.recordOf(1, 3)).paid).to.equal(false);
      expect(await hub.minersOf(1)).to.deep.equal(before[0]);
      expect((await hub.subnetOf(1)).bestIncentive).to.equal(before[1].bestIncentive);
    });

    it("when less than the minimum total stake reveals, pays nobody and keeps incentives and bonds", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, coin, sponsor, validators, miners, goTo } = fixture;
      const [large, middle, small] = validators;
      await hub.connect(sponsor).fund(1, coin, 1_000, 3, 1);
      const rows: Rows = new Map(
        [large, middle, small].map((validator, i) => [validator, [5n, 3n, BigInt(i)]]),
      );
      await score(fixture, 2n, rows);
      await goTo(3n);
      const before = await runOf(hub, hub.runEpoch(1));
      const table = await hub.minersOf(1);
      const { bestIncentive } = await hub.subnetOf(1);
      // A base unit is missing.
      await hub.connect(small).stake(1, 100n * COIN - 1n);
      await hub.connect(miners[2]).deregisterMiner(1);
      await goTo(4n);
      const alone: Rows = new Map([[small, [0n, 0n, 9n]]]);
      await score(fixture, 4n, alone);
      await goTo(5n);
      const run = await runOf(hub, hub.runEpoch(1));
      expectEqual(run, expectedOf(run, alone, before));
      expect(run.stakes[2]).to.equal(PARAMS.minTotalStake - 1n);
      expect([...run.shares, ...run.incentives, ...run.consensus, ...run.dividends]).to.deep.equal(
        new Array(15).fill(0n),
      );
      expect(run.bonds).to.deep.equal(before.bonds.map(([first, second]) => [first, second, 0n]));
      expect((await hub.recordOf(1, 4)).paid).to.equal(false);
      expect((await hub.minersOf(1)).slice(0, 2)).to.deep.equal(table.slice(0, 2));
      const subnet = await hub.subnetOf(1);
      expect([subnet.bestIncentive, subnet.gradedAt, subnet.lastEpoch]).to.deep.equal([
        bestIncentive,
        0n,
        4n,
      ]);

      await hub.connect(small).stake(1, 1n);
      await score(fixture, 6n, new Map([[small, [1n, 1n]]]));
      await goTo(7n);
      const next = await runOf(hub, hub.runEpoch(1));
      expectEqual(next, expectedOf(next, new Map([[small, [1n, 1n]]]), run));
      expect((await hub.recordOf(1, 6)).paid).to.equal(true);
      expect((await hub.subnetOf(1)).gradedAt).to.equal(6n);
    });

    it("when one miner has all the incentive, its stored incentive saturates", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, validators, goTo } = fixture;
      await score(fixture, 2n, new Map([[validators[0], [0n, 1n]]]));
      await goTo(3n);
      const run = await runOf(hub, hub.runEpoch(1));
      expect(run.incentives).to.deep.equal([0n, ONE, 0n]);
      expect((await hub.minersOf(1)).map(({ incentive }) => incentive)).to.deep.equal([0n, ONE - 1n, 0n]);
    });

    it("when the stake is of this epoch, does not count it; unstaked coins of this epoch neither", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, validators, goTo } = fixture;
      await goTo(3n);
      await hub.connect(validators[2]).stake(1, 5_000n * COIN);
      await score(fixture, 3n, new Map([[validators[0], [1n]]]));
      await hub.connect(validators[0]).unstake(1, 100n * COIN);
      await hub.connect(validators[1]).stake(1, 1n);
      await goTo(6n);
      const run = await runOf(hub, hub.runEpoch(1));
      expect(run.stakes).to.deep.equal([400n * COIN, 300n * COIN, 200n * COIN]);
    });

    it("when calls of an epoch come in another order, has the same result", async () => {
      const results: Run[] = [];
      for (const isReversed of [false, true]) {
        const { hub, validators, miners, goTo } = await networkHelpers.loadFixture(seatsFixture);
        await goTo(3n);
        const order = <T>(list: T[]) => (isReversed ? list.reverse() : list);
        const rows: [Signer, bigint[]][] = [
          [validators[0], [5n, 3n, 1n, 9n]],
          [validators[1], [3n, 5n, 1n, 9n]],
          [validators[2], [1n, 1n, 7n, 0n]],
        ];
        for (const act of order([
          () => hub.connect(miners[3]).registerMiner(1),
          () => hub.connect(validators[0]).stake(1, 77n),
          () => hub.connect(validators[1]).unstake(1, 88n),
        ]))
          await act();
        for (const [validator, row] of order([...rows])) {
          const hash = await weightsHash({ hub, validator, weights: packWeights(row), epoch: 3n });
          await hub.connect(validator).commitWeights(1, hash);
        }
        await goTo(3n, Phase.Reveal);
        for (const act of order([
          ...rows.map(
            ([validator, row]) =>
              () =>
                reveal(hub, validator, packWeights(row)),
          ),
          () => hub.connect(validators[2]).unstake(1, 99n),
          () => hub.connect(validators[2]).stake(1, 55n),
        ]))
          await act();
        await goTo(4n);
        results.push({ ...(await runOf(hub, hub.runEpoch(1))), record: "" });
      }
      expect(results[0]).to.deep.equal(results[1]);
    });
  });

  describe("sharesOf", () => {
    it("when the epoch was not run, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(seatsFixture);
      await expect(hub.sharesOf(1, 2)).to.be.revertedWithCustomError(hub, "RecordNonexistent").withArgs(1, 2);
      expect(await hub.recordOf(1, 2)).to.deep.equal([ethers.ZeroAddress, 0n, 0n, false]);
    });
  });
});

import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { expectEqual, expectedOf, type Run, runOf, turnoutOf } from "./run.ts";
import {
  COIN,
  type Hub,
  ONE,
  PARAMS,
  Phase,
  packWeights,
  reveal,
  type Signer,
  subnetFixture,
  UNSTAKE_DELAY,
  weightsHash,
} from "./support.ts";

const ROUNDS = 40;

/** Numbers that look random and are the same in each run. */
function randomOf(seed: string) {
  let state = ethers.id(seed);
  return (below: number) => {
    state = ethers.keccak256(state);
    return Number(BigInt(state) % BigInt(below));
  };
}

/** The validator with the least stake that counts. */
async function weakestOf(hub: Hub, seats: readonly { account: string }[]): Promise<string | undefined> {
  const taken = seats.filter(({ account }) => account !== ethers.ZeroAddress);
  const list = await Promise.all(
    taken.map(async ({ account }) => ({ account, stake: await hub.countedStakeOf(1, account) })),
  );
  return list.sort((a, b) => Number(a.stake - b.stake))[0]?.account;
}

describe("SubnetHub laws", () => {
  for (const seed of ["first", "second", "third"]) {
    it(`when accounts act at random (${seed}), hold after each epoch`, async () => {
      const fixture = await networkHelpers.loadFixture(subnetFixture);
      const { hub, coin, sponsor, validators, miners, goTo } = fixture;
      const random = randomOf(seed);
      const everybody = [...validators, ...miners];
      const one = <T>(list: readonly T[]) => list[random(list.length)] as T;
      const outcomes = new Map<string, number>();
      /** Most calls of strangers to the rules revert: these are refused, and change nothing. */
      const attempt = async (name: string, call: Promise<unknown>) => {
        const outcome = await call.then(
          () => name,
          () => `${name} refused`,
        );
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      };
      const staking = async () => {
        const account = hub.connect(one(everybody));
        await attempt("stake", account.stake(1, BigInt(random(400)) * COIN));
        await attempt("unstake", hub.connect(one(everybody)).unstake(1, BigInt(random(150)) * COIN));
        await attempt("withdraw", hub.connect(one(everybody)).withdraw(1));
        await attempt("setDelegatee", hub.connect(one(everybody)).setDelegatee(one(everybody)));
      };

      let [previous, lastRun] = [undefined as Run | undefined, 0n];
      const [funded, claimed] = [new Map<bigint, bigint>(), new Map<bigint, bigint>()];
      for (let round = 1; round <= ROUNDS; round++) {
        if (round % 10 === 0) await networkHelpers.time.increase(UNSTAKE_DELAY);
        const epoch = (await hub.clockOf(1)).epoch + 1n;
        await goTo(epoch);
        if (round % 10 === 0)
          for (const account of everybody) await attempt("withdraw", hub.connect(account).withdraw(1));
        await staking();
        for (let i = 0; i < 4; i++) {
          const account = hub.connect(one(everybody));
          await attempt("registerValidator", account.registerValidator(1));
          await attempt("registerMiner", account.registerMiner(1));
        }
        await attempt("deregisterValidator", hub.connect(one(everybody)).deregisterValidator(1));
        await attempt("deregisterMiner", hub.connect(one(everybody)).deregisterMiner(1));
        await attempt("fund", hub.connect(sponsor).fund(1, coin, 1 + random(10 ** 9), epoch, 1 + random(3)));

        const [seats, slots] = [await hub.validatorsOf(1), (await hub.minersOf(1)).length];
        // In some rounds the validator with least stake reveals alone: often without turnout.
        const alone = round % 4 === 0 ? await weakestOf(hub, seats) : undefined;
        const rows = new Map<Signer, bigint[]>();
        for (const { account } of seats) {
          const validator = everybody.find(({ address }) => address === account);
          if (!validator || random(5) === 0 || (alone && account !== alone)) continue;
          const row = Array.from({ length: slots }, () => BigInt(random(3) === 0 ? 0 : random(65_536)));
          const hash = await weightsHash({ hub, validator, weights: packWeights(row), epoch });
          await hub.connect(validator).commitWeights(1, hash);
          rows.set(validator, row);
        }
        await goTo(epoch, Phase.Reveal);
        for (const [validator, row] of rows) await reveal(hub, validator, packWeights(row));
        await staking();
        await goTo(epoch + 1n);
        if (rows.size !== 0) {
          const run = await runOf(hub, hub.runEpoch(1));
          expectEqual(run, expectedOf(run, rows, previous));
          [previous, lastRun] = [run, epoch];
          if (turnoutOf(run) < PARAMS.minTotalStake) {
            expect((await hub.recordOf(1, epoch)).paid, "without turnout nobody is paid").to.equal(false);
            outcomes.set("no turnout", (outcomes.get("no turnout") ?? 0) + 1);
          }
          const sum = run.shares.reduce((total, share) => total + share, 0n);
          expect(sum, "shares sum to at most 1").to.be.at.most(ONE);
          for (const bond of run.bonds.flat()) expect(bond, "bonds have 16 bits").to.be.below(65_536n);
        }
        if (lastRun === epoch && (await hub.recordOf(1, epoch)).paid) {
          const { total } = await hub.potOf(1, coin, epoch);
          const before = await coin.balanceOf(hub);
          const { length } = await hub.sharesOf(1, epoch);
          await hub.claim(
            1,
            epoch,
            coin,
            Array.from({ length }, (_, index) => index),
          );
          const paid = before - (await coin.balanceOf(hub));
          expect(paid, "payouts stay within the pot").to.be.at.most(total);
          expect(total - paid, "less than a unit per share is left").to.be.below(BigInt(length));
          funded.set(epoch, total);
          claimed.set(epoch, paid);
        } else await attempt("rollOver", hub.rollOver(1, coin, epoch));

        const [holders, held] = [new Set<string>(), { coins: 0n, accounts: 0n, stakes: 0n }];
        for (const account of everybody) {
          const { counted, added, unstaking } = await hub.stakeOf(1, account);
          held.stakes += counted + added + unstaking;
          held.accounts += await hub.heldFor(account);
          holders.add(await hub.voteHolderOf(account));
        }
        holders.delete(ethers.ZeroAddress);
        for (const holder of holders) held.coins += await coin.balanceOf(holder);
        expect(held.coins, "coins staked are in vote holders").to.equal(held.accounts);
        expect(held.stakes).to.equal(held.accounts);
      }
      for (const name of [
        "stake",
        "unstake",
        "withdraw",
        "setDelegatee",
        "registerValidator",
        "registerMiner",
        "fund",
        "unstake refused",
      ])
        expect(outcomes.get(name) ?? 0, name).to.be.above(2);
      expect(outcomes.get("no turnout") ?? 0).to.be.above(0);
      expect(claimed.size).to.be.above(10);
    });
  }
});

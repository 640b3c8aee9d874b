import {
  claimRewards,
  deregisterMiner,
  deregisterValidator,
  explainReward,
  fundSubnetFromWallet,
  getEpochRecord,
  registerMiner,
  registerValidator,
  stake,
  unstake,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { COIN, Phase } from "../../subnets/support.ts";
import { run, type Seats, seats } from "./support.ts";

const EPOCHS = 24n;
const POT = 1_000_003n;

/** A small generator, so that a failure can be repeated (mulberry32). */
function randomBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Somebody enters, leaves, or changes its stake. Refusals do not matter. */
async function change({ as, validators, miners }: Seats, random: () => number): Promise<void> {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const subnetId = 1n;
  const validator = await as(pick(validators));
  const miner = await as(pick([...miners, ...validators]));
  const amount = BigInt(Math.ceil(random() * 300)) * COIN;
  const changes = [
    () => stake(validator, { subnetId, amount }),
    () => unstake(validator, { subnetId, amount }),
    () => registerValidator(validator, { subnetId }),
    () => deregisterValidator(validator, { subnetId }),
    () => registerMiner(miner, { subnetId }),
    () => deregisterMiner(miner, { subnetId }),
  ];
  await pick(changes)().catch(() => undefined);
}

describe("explainReward in a long life of a subnet", () => {
  for (const seed of [1, 2, 3]) {
    it(`when seats and stakes change (${seed}), has all numbers of the chain`, async () => {
      const fixture = await seats();
      const random = randomBy(seed);
      const { as, sponsor, token, client } = fixture;
      const order = { subnetId: 1n, token, amountPerEpoch: POT, epochs: EPOCHS };
      await fundSubnetFromWallet(await as(sponsor), order);
      let explained = 0;
      for (let epoch = 2n; epoch < 2n + EPOCHS; epoch++) {
        await fixture.goTo(epoch, Phase.Task);
        for (let i = 0; i < 4; i++) await change(fixture, random);
        const seated = await fixture.hub.validatorsOf(1n);
        const rows = fixture.validators.map((validator) => {
          const reveals = random() < 0.8 && seated.some(({ account }) => account === validator.address);
          const { length } = seated;
          return reveals ? Array.from({ length }, () => BigInt(Math.floor(random() * 4))) : undefined;
        });
        if (rows.every((row) => row === undefined)) continue;
        await run(fixture, epoch, rows);
        const { shares } = await getEpochRecord(client, { subnetId: 1n, epoch });
        for (const { account, share } of shares) {
          const claim = { subnetId: 1n, epoch, token, accounts: [account] };
          if (share > 0n) await claimRewards(client, claim).catch(() => undefined);
          const { reasons } = await explainReward(client, { subnetId: 1n, epoch, account, tokens: [token] });
          expect(reasons.map((reason) => reason.share)).to.include(share);
          explained += 1;
        }
      }
      expect(explained).to.be.greaterThan(50);
    });
  }
});

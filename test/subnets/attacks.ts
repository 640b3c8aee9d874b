import { expect } from "chai";
import { networkHelpers } from "../grid.ts";
import { runOf } from "./run.ts";
import {
  COIN,
  HASH,
  type Hub,
  hubFixture,
  ONE,
  PARAMS,
  Phase,
  packWeights,
  reveal,
  type Signer,
  type SubnetParams,
  score,
  weightsHash,
} from "./support.ts";

/** Consensus needs half of the active stake. */
export const HALF = ONE / 2n;

type Setup = {
  readonly params?: Partial<SubnetParams>;
  /** Coins of each validator. */
  readonly stakes: readonly bigint[];
  /** Number of miners. */
  readonly miners: number;
};

/** Subnet 1, open, with validators and miners of `hubFixture`, in epoch 2: their stake counts. */
export async function attacked({ params, stakes, miners }: Setup) {
  const fixture = await networkHelpers.loadFixture(hubFixture);
  const { hub, creator } = fixture;
  await hub.setDefaultParams({ ...PARAMS, kappa: HALF, maxValidators: 4n, ...params });
  await hub.connect(creator).create(0, HASH, "ipfs://subnet");
  for (const [i, coins] of stakes.entries()) {
    const validator = hub.connect(fixture.validators[i] as Signer);
    await validator.stake(1, coins * COIN);
    await validator.registerValidator(1);
  }
  for (const miner of fixture.miners.slice(0, miners)) await hub.connect(miner).registerMiner(1);
  await fixture.goTo(2n);
  return fixture;
}

export type Attacked = Awaited<ReturnType<typeof attacked>>;

/** Runs the pending epoch, and reads its event. */
export const runEpoch = (hub: Hub) => runOf(hub, hub.runEpoch(1));

/** Each account's share of the pots of an epoch, in 2^-32. */
export async function sharesOf(hub: Hub, epoch: bigint): Promise<Map<string, bigint>> {
  const sum = new Map<string, bigint>();
  for (const { account, share } of await hub.sharesOf(1, epoch))
    sum.set(account, (sum.get(account) ?? 0n) + share);
  return sum;
}

/** Scores an epoch and runs it. The chain is in the first phase of the next one then. */
export async function scoreAndRun(
  fixture: Pick<Attacked, "hub" | "goTo">,
  epoch: bigint,
  rows: Parameters<typeof score>[2],
) {
  await score(fixture, epoch, rows);
  await fixture.goTo(epoch + 1n, Phase.Task);
  return await runEpoch(fixture.hub);
}

/**
 * The first validator is the last to commit weights in epoch 2, for the first miner, and reveals alone. It moves money once no
 * other can commit in time, or in the phase Reveal. The chain is in epoch 3 then.
 */
export async function scoreAlone(
  { hub, validators, goTo, startOf }: Attacked,
  phase: "Score" | "Reveal",
  move: () => Promise<unknown>,
) {
  const [validator] = validators;
  const weights = packWeights([1]);
  // Before, nobody has committed.
  expect(await hub.queryFilter(hub.filters.WeightsCommitted())).to.deep.equal([]);
  await networkHelpers.time.increaseTo((await startOf(2n, Phase.Reveal)) - 10n);
  if (phase === "Score") await move();
  await hub.connect(validator).commitWeights(1, await weightsHash({ hub, validator, weights, epoch: 2n }));
  await goTo(2n, Phase.Reveal);
  await reveal(hub, validator, weights);
  if (phase === "Reveal") await move();
  await goTo(3n);
  await runEpoch(hub);
}

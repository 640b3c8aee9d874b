import { readFileSync } from "node:fs";
import {
  upscaleWeights,
  YUMA_ONE,
  type YumaNetwork,
  type YumaParams,
  type YumaResult,
  type YumaShares,
  yumaEpoch,
  yumaShares,
  yumaSharesByStake,
} from "@benefit-grid/sdk/subnets";
import { expect } from "chai";

/** The epoch as the contract or as the SDK computes it. */
export type Yuma = {
  epoch(network: YumaNetwork, params: YumaParams): Promise<YumaResult>;
  shares(incentives: readonly bigint[], dividends: readonly bigint[]): Promise<YumaShares>;
  sharesByStake(stakes: readonly bigint[], activeStakes: readonly bigint[]): Promise<readonly bigint[]>;
};

type Figures = {
  readonly E?: readonly number[];
  readonly D16?: readonly number[];
  readonly bonds?: readonly { validator: number; miner: number; bond: number }[];
};

type Step = {
  readonly block: number;
  readonly stakes?: readonly number[];
  readonly register?: readonly { miner: number; block: number }[];
  readonly set: readonly { validator: number; miners: readonly number[]; weights: readonly number[] }[];
  readonly assert?: Figures;
  readonly trace?: Figures;
};

type Test = {
  readonly name: string;
  readonly stakes: readonly number[];
  readonly miners: number;
  readonly steps: readonly Step[];
};

export const VECTORS = JSON.parse(readFileSync("test/vectors/yuma.json", "utf8")) as {
  readonly params: {
    kappa_u16: number;
    bonds_moving_average_per_million: number;
    bonds_penalty_u16: number;
    emission: number;
  };
  readonly activityCutoff: number;
  readonly tests: readonly Test[];
  readonly test_512_graph: {
    validators: number;
    servers: number;
    assert: {
      validator_D16: number;
      validator_E: number;
      server_C16: number;
      server_I16: number;
      server_E: number;
    };
  };
};

const { params, activityCutoff } = VECTORS;

export const PARAMS: YumaParams = {
  kappa: (BigInt(params.kappa_u16) * YUMA_ONE) / 65_535n,
  alpha: YUMA_ONE - (BigInt(params.bonds_moving_average_per_million) * YUMA_ONE) / 1_000_000n,
  beta: (BigInt(params.bonds_penalty_u16) * YUMA_ONE) / 65_535n,
};

/** A fraction in 1/65535, rounded down. */
export const toU16 = (fraction: bigint): number => Number((fraction * 65_535n) / YUMA_ONE);
/** A share of the reference's emission, rounded down. */
export const toEmission = (share: bigint): number => Number((share * BigInt(params.emission)) / YUMA_ONE);

export type Outcome = {
  /** Emission of each account, as a miner and as a validator. */
  readonly E: number[];
  readonly D16: number[];
  readonly bonds: readonly (readonly bigint[])[];
};

/** Replays the steps of a reference test. An account has the same number among validators and miners. */
export async function replay(yuma: Yuma, test: Test): Promise<Outcome[]> {
  const miners = test.miners;
  const updatedAt = test.stakes.map(() => 0);
  const registeredAt = Array<number>(miners).fill(0);
  const weights = test.stakes.map(() => Array<bigint>(miners).fill(0n));
  let bonds: YumaNetwork["bonds"] = weights.map((row) => [...row]);
  const outcomes: Outcome[] = [];
  for (const step of test.steps) {
    for (const { miner, block } of step.register ?? []) registeredAt[miner] = block;
    for (const set of step.set) {
      const row = Array<bigint>(miners).fill(0n);
      for (const [k, miner] of set.miners.entries()) row[miner] = BigInt(set.weights[k] as number);
      weights[set.validator] = upscaleWeights(row);
      updatedAt[set.validator] = step.block;
    }
    const stakes = (step.stakes ?? test.stakes).map(BigInt);
    const network: YumaNetwork = {
      stakes,
      active: updatedAt.map((block) => block + activityCutoff >= step.block),
      permits: stakes.map(() => true),
      diagonal: stakes.map((_, i) => i),
      updatedAt: updatedAt.map(BigInt),
      registeredAt: registeredAt.map(BigInt),
      weights,
      bonds,
    };
    const result = await yuma.epoch(network, PARAMS);
    bonds = result.bonds;
    const D16 = result.dividends.map(toU16);
    outcomes.push({ E: (await emissionShares(yuma, stakes, result)).map(toEmission), D16, bonds });
  }
  return outcomes;
}

/** Shares of each account: of its incentive and dividend, or by stake where nobody has any. */
async function emissionShares(yuma: Yuma, stakes: readonly bigint[], result: YumaResult): Promise<bigint[]> {
  const { ofMiners, ofValidators } = await yuma.shares(result.incentives, result.dividends);
  const shares = ofMiners.map((share, j) => share + (ofValidators[j] ?? 0n));
  if (shares.some((share) => share > 0n)) return shares;
  const byStake = await yuma.sharesByStake(stakes, result.stakes);
  return shares.map((_, j) => byStake[j] ?? 0n);
}

/** The model of the SDK. */
export const MODEL: Yuma = {
  epoch: async (network, params) => yumaEpoch(network, params),
  shares: async (incentives, dividends) => yumaShares({ incentives, dividends }),
  sharesByStake: async (stakes, activeStakes) => yumaSharesByStake({ stakes, activeStakes }),
};

/** Registers a test of each step of the reference, with the exact numbers. */
export function itAgreesWithTheReference(yuma: () => Promise<Yuma>): void {
  for (const test of VECTORS.tests) {
    it(`when subtensor's ${test.name} is replayed, has all its numbers`, async () => {
      const outcomes = await replay(await yuma(), test);
      for (const [k, step] of test.steps.entries()) {
        const outcome = outcomes[k] as Outcome;
        for (const { E, D16, bonds } of [step.assert ?? {}, step.trace ?? {}]) {
          if (E) expect(outcome.E.slice(0, E.length), `E of step ${k}`).to.deep.equal(E);
          if (D16) expect(outcome.D16.slice(0, D16.length), `D of step ${k}`).to.deep.equal(D16);
          const stored = bonds?.map(({ validator, miner }) => Number(outcome.bonds[validator]?.[miner]));
          expect(stored, `bonds of step ${k}`).to.deep.equal(bonds?.map(({ bond }) => bond));
        }
      }
    });
  }
}

import {
  upscaleWeights,
  YUMA_ONE,
  type YumaNetwork,
  yumaEpoch,
  yumaShares,
  yumaSharesByStake,
} from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { itAgreesWithTheReference, MODEL, PARAMS, toEmission, toU16, VECTORS } from "../../subnets/yuma.ts";

/** All validators give all servers the same weight. Columns are the accounts of both. */
function graphOf(validators: number, servers: number): YumaNetwork {
  const columns = Array.from({ length: validators + servers }, (_, j) => j);
  const rows = columns.slice(0, validators);
  return {
    stakes: rows.map(() => 1n),
    active: rows.map(() => true),
    permits: rows.map(() => true),
    diagonal: rows,
    updatedAt: rows.map(() => 1n),
    registeredAt: columns.map(() => 0n),
    weights: rows.map(() => columns.map((j) => (j < validators ? 0n : 65_535n))),
    bonds: rows.map(() => columns.map(() => 0n)),
  };
}

describe("yumaEpoch", () => {
  itAgreesWithTheReference(async () => MODEL);

  it("when subtensor's test_512_graph is replayed, has all its numbers", () => {
    const { validators, servers, assert } = VECTORS.test_512_graph;
    const { consensus, incentives, dividends } = yumaEpoch(graphOf(validators, servers), PARAMS);
    const { ofMiners, ofValidators } = yumaShares({ incentives, dividends });
    expect(new Set(dividends.map(toU16))).to.deep.equal(new Set([assert.validator_D16]));
    expect(new Set(ofValidators.map(toEmission))).to.deep.equal(new Set([assert.validator_E]));
    expect(new Set(consensus.slice(validators).map(toU16))).to.deep.equal(new Set([assert.server_C16]));
    expect(new Set(incentives.slice(validators).map(toU16))).to.deep.equal(new Set([assert.server_I16]));
    expect(new Set(ofMiners.slice(validators).map(toEmission))).to.deep.equal(new Set([assert.server_E]));
  });

  it("when nobody has stake, pays nobody and keeps the proportions of bonds", () => {
    const network = { ...graphOf(2, 1), stakes: [0n, 0n], bonds: [0n, 1n].map((bond) => [0n, 0n, bond]) };
    const { stakes, consensus, incentives, dividends, bonds } = yumaEpoch(network, PARAMS);
    expect([stakes, consensus, incentives, dividends].flat().every((value) => value === 0n)).to.equal(true);
    expect(bonds).to.deep.equal([
      [0n, 0n, 0n],
      [0n, 0n, 65_535n],
    ]);
  });

  it("when there are no validators or no miners, is empty", () => {
    expect(yumaEpoch(graphOf(0, 2), PARAMS)).to.deep.include({
      incentives: [0n, 0n],
      dividends: [],
      bonds: [],
    });
    expect(
      yumaEpoch({ ...graphOf(1, 0), diagonal: [undefined], registeredAt: [], weights: [[]] }, PARAMS).bonds,
    ).to.deep.equal([[]]);
  });
});

describe("yumaShares", () => {
  it("when all incentives are zero, are zero", () => {
    const shares = yumaShares({ incentives: [0n], dividends: [0n, 0n] });
    expect(shares).to.deep.equal({ ofMiners: [0n], ofValidators: [0n, 0n] });
  });

  it("when nobody is a validator, go to miners alone", () => {
    const { ofMiners } = yumaShares({ incentives: [YUMA_ONE / 4n, YUMA_ONE / 4n], dividends: [] });
    expect(ofMiners).to.deep.equal([YUMA_ONE / 2n, YUMA_ONE / 2n]);
  });
});

describe("yumaSharesByStake", () => {
  it("when a validator is active, are the active stakes", () => {
    const activeStakes = [0n, YUMA_ONE];
    expect(yumaSharesByStake({ stakes: [3n, 1n], activeStakes })).to.deep.equal(activeStakes);
  });

  it("when none is active, are all stakes", () => {
    const ofValidators = yumaSharesByStake({ stakes: [3n, 1n], activeStakes: [0n, 0n] });
    expect(ofValidators).to.deep.equal([(3n * YUMA_ONE) / 4n, YUMA_ONE / 4n]);
  });
});

describe("upscaleWeights", () => {
  it("when weights are given, makes the largest 65535 and rounds to the nearest", () => {
    expect(upscaleWeights([1n, 2n, 0n])).to.deep.equal([32_768n, 65_535n, 0n]);
    expect(upscaleWeights([3n, 1n])).to.deep.equal([65_535n, 21_845n]);
    expect(upscaleWeights([10n ** 30n, 1n])).to.deep.equal([65_535n, 0n]);
  });

  it("when all weights are zero, leaves them", () => {
    expect(upscaleWeights([0n, 0n])).to.deep.equal([0n, 0n]);
    expect(upscaleWeights([])).to.deep.equal([]);
  });
});

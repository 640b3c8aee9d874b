import type { YumaNetwork } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { ethers } from "../grid.ts";
import { runEpochs } from "./randomNetworks.ts";
import { MODEL, type Yuma } from "./yuma.ts";

/** The contracts' library. */
export async function contractFixture(): Promise<Yuma> {
  const harness = await ethers.deployContract("YumaHarness");
  return {
    async epoch(network, params) {
      const { stakes, consensus, incentives, dividends, bonds } = await harness.epoch(flat(network), params);
      const rows = network.stakes.map((_, i) =>
        bonds.slice(i * consensus.length, (i + 1) * consensus.length),
      );
      return { stakes, consensus, incentives, dividends, bonds: rows };
    },
    async shares(incentives, dividends) {
      const { ofMiners, ofValidators } = await harness.shares([...incentives], [...dividends]);
      return { ofMiners, ofValidators };
    },
    sharesByStake: (stakes, activeStakes) => harness.sharesByStake([...stakes], [...activeStakes]),
  };
}

/** A network in the contract's form. */
export function flat(network: YumaNetwork) {
  const { stakes, active, permits, updatedAt, registeredAt } = network;
  return {
    stakes: [...stakes],
    active: [...active],
    permits: [...permits],
    diagonal: network.diagonal.map((column) => column ?? ethers.MaxUint256),
    updatedAt: [...updatedAt],
    registeredAt: [...registeredAt],
    weights: network.weights.flat(),
    bonds: network.bonds.flat(),
  };
}

/** Runs the epochs of random subnets in both, and expects the same of both. */
export async function expectTheSame(yuma: Yuma, seeds: Iterable<number>): Promise<void> {
  for (const seed of seeds) {
    await runEpochs(seed, async (network, params) => {
      const expected = await MODEL.epoch(network, params);
      const { incentives, dividends, stakes, bonds } = expected;
      expect(await yuma.epoch(network, params), `seed ${seed}`).to.deep.equal(expected);
      const [shares, byStake] = [
        await MODEL.shares(incentives, dividends),
        await MODEL.sharesByStake(network.stakes, stakes),
      ];
      expect(await yuma.shares(incentives, dividends), `seed ${seed}`).to.deep.equal(shares);
      expect(await yuma.sharesByStake(network.stakes, stakes), `seed ${seed}`).to.deep.equal(byStake);
      return bonds;
    });
  }
}

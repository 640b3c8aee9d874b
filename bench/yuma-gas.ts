// Gas of the Yuma epoch: the computation alone, without storage.
import { network } from "hardhat";

const SIZES = [
  [4, 8],
  [16, 64],
  [32, 128],
] as const;
const ONE = 1n << 32n;
const PARAMS = { kappa: ONE / 2n, alpha: ONE / 10n, beta: ONE };

/** By the number of validators and miners. */
export async function measureYuma(): Promise<Record<string, number>> {
  const connection = await network.create();
  const harness = await connection.ethers.deployContract("YumaHarness");
  const figures: Record<string, number> = {};
  for (const [validators, miners] of SIZES) {
    const gas = await harness.gasOf(networkOf(validators, miners), PARAMS);
    figures[`yumaEpoch${validators}x${miners}`] = Number(gas);
  }
  await connection.close();
  return figures;
}

/** The most expensive network. In each column but the first, weights fall from row to row: these take longest to sort. */
function networkOf(validators: number, miners: number) {
  const rows = Array.from({ length: validators }, (_, i) => i);
  const columns = Array.from({ length: miners }, (_, j) => j);
  const cells = (of: (i: number, j: number) => number) => rows.flatMap((i) => columns.map((j) => of(i, j)));
  return {
    stakes: rows.map((i) => 10n ** 15n + BigInt(i)),
    active: rows.map(() => true),
    permits: rows.map(() => true),
    diagonal: rows.map((i) => i % miners),
    updatedAt: rows.map(() => 2n),
    registeredAt: columns.map(() => 1n),
    weights: cells((i, j) => (j === 0 ? 65_535 : 1_000 * (validators - i) + j)),
    bonds: cells((i, j) => 1 + ((7_919 * i + 104_729 * j) % 65_535)),
  };
}

import { YUMA_ONE, type YumaNetwork, type YumaParams } from "@benefit-grid/sdk/subnets";
import { randomOf } from "../settlement/support.ts";
import { PARAMS } from "./yuma.ts";

/** Blocks of an epoch. Miners that register in it do so at its end, as late as the last weights. */
const TEMPO = 10n;
const MAX_VALIDATORS = 8;
const MAX_MINERS = 12;
const MAX_EPOCHS = 4;

type Random = ReturnType<typeof randomOf>;
type Network = { -readonly [Name in keyof YumaNetwork]: YumaNetwork[Name] };
type Setting = { random: Random; network: Network; now: bigint };

/** Some epochs of a random subnet: each passes the bonds of the one before to `epoch`. */
export async function runEpochs(
  seed: number,
  epoch: (network: YumaNetwork, params: YumaParams) => Promise<YumaNetwork["bonds"]>,
): Promise<void> {
  const random = randomOf(seed);
  const params = paramsOf(random);
  const network = networkOf(random);
  const epochs = 1n + BigInt(random(MAX_EPOCHS));
  for (let now = TEMPO; now <= epochs * TEMPO; now += TEMPO) {
    change({ random, network, now });
    network.bonds = await epoch(structuredClone(network), params);
  }
}

function paramsOf(random: Random): YumaParams {
  const anyOf = (values: readonly bigint[]) =>
    random(3) === 0 ? fraction(random) : (values[random(values.length)] as bigint);
  return {
    kappa: anyOf([PARAMS.kappa, PARAMS.kappa, YUMA_ONE / 2n, YUMA_ONE, 1n]) || 1n,
    alpha: anyOf([PARAMS.alpha, PARAMS.alpha, 0n, YUMA_ONE]),
    beta: anyOf([PARAMS.beta, PARAMS.beta, 0n, YUMA_ONE / 2n]),
  };
}

function networkOf(random: Random): Network {
  const rows = 1 + random(MAX_VALIDATORS);
  const columns = 1 + random(MAX_MINERS);
  const stakeOf = [
    () => 0n,
    () => BigInt(random(3)),
    () => 10n ** 9n,
    () => fraction(random) * fraction(random) * BigInt(random(4)),
  ][random(8)];
  return {
    stakes: list(rows, stakeOf ?? (() => BigInt(random(1_000_000)))),
    active: list(rows, () => true),
    permits: list(rows, () => random(6) !== 0),
    diagonal: list(rows, () => (random(2) === 0 ? random(columns) : undefined)),
    updatedAt: list(rows, () => 0n),
    registeredAt: list(columns, () => 0n),
    weights: list(rows, () => list(columns, () => 0n)),
    bonds: list(rows, () => list(columns, () => (random(2) === 0 ? BigInt(random(65_536)) : 0n))),
  };
}

/** Advances to an epoch: some validators set weights, some miners register, some bonds are cleared. */
function change({ random, network, now }: Setting): void {
  const registered = network.registeredAt.map((at) => (random(6) === 0 ? now : at));
  const isCleared = (j: number) => registered[j] === now && random(2) === 0;
  const cleared = registered.map((_, j) => isCleared(j));
  const updates = network.stakes.map(() => random(4) !== 0);
  network.registeredAt = registered;
  network.bonds = network.bonds.map((row) => row.map((bond, j) => (cleared[j] ? 0n : bond)));
  network.updatedAt = network.updatedAt.map((at, i) => (updates[i] ? now + BigInt(random(2)) : at));
  network.weights = network.weights.map((row, i) => (updates[i] ? weightsOf(random, row.length) : row));
  network.active = network.active.map(() => random(5) !== 0);
}

function weightsOf(random: Random, columns: number): bigint[] {
  const weightOf = [
    () => 0n,
    () => 65_535n,
    () => BigInt(random(3)),
    () => (random(3) === 0 ? BigInt(random(65_536)) : 0n),
  ][random(7)];
  return list(columns, weightOf ?? (() => BigInt(random(65_536))));
}

function fraction(random: Random): bigint {
  return BigInt(random(2 ** 32 + 1));
}

function list<T>(length: number, of: () => T): T[] {
  return Array.from({ length }, of);
}

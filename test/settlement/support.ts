import {
  type CONDITIONS,
  ethers,
  type GridFixture,
  networkHelpers,
  offerFixture,
  type offerParams,
  registration,
  type share,
} from "../grid.ts";
import { addOffer as addOfferUnder } from "../licenses/support.ts";

export type Legs = { data: bigint; model: bigint; compute: bigint; platform: bigint };

/** The split of all payments so far, from the design and not from the contract. */
export function legsOf(total: bigint): Legs {
  const computeAndPlatform = (3n * total) / 10n;
  const platform = computeAndPlatform / 3n;
  const compute = computeAndPlatform - platform;
  const dataAndModel = total - computeAndPlatform;
  const model = (3n * dataAndModel) / 7n;
  return { data: dataAndModel - model, model, compute, platform };
}

/** Increase of the legs of `before` by `amount`. */
export function legsBetween(before: bigint, amount: bigint): Legs {
  const [from, to] = [legsOf(before), legsOf(before + amount)];
  return {
    data: to.data - from.data,
    model: to.model - from.model,
    compute: to.compute - from.compute,
    platform: to.platform - from.platform,
  };
}

export type Token = { getAddress(): Promise<string> };

/** Earners `first` to `first + count - 1`, as `claim`, `passOn` and `claimable` take them. */
export async function earners(
  token: Token,
  [first, count]: readonly [bigint, bigint],
  { capsuleId = 1n, sharesVersion = 1n } = {},
) {
  return { capsuleId, sharesVersion, token: await token.getAddress(), first, count };
}

/** Earners of `offerFixture`'s capsule: one row a role, so each earns its role's leg. */
export const Earner = { Platform: 0n, Data: 1n, Model: 2n, Compute: 3n } as const;

/** As `offerFixture`; the buyer may pay the router, and `pay` pays capsule 1 in dollars. */
export async function payFixture() {
  const grid = await networkHelpers.loadFixture(offerFixture);
  const pay = (amount: bigint, capsuleId = 1n) =>
    grid.router.connect(grid.buyer).pay(capsuleId, grid.usd, amount, "0x");
  return { ...grid, pay };
}

export type OfferOverrides = Partial<Awaited<ReturnType<typeof offerParams>>>;

/** Another offer of capsule 1, and its id. */
export async function addOffer(
  grid: GridFixture,
  overrides: OfferOverrides = {},
  conditions: Partial<typeof CONDITIONS> = {},
) {
  return await addOfferUnder(grid, conditions, overrides);
}

export type Shares = ReturnType<typeof share>[];

/** Registers a capsule of the creator with these rows, and returns its id. */
export async function addCapsule(grid: GridFixture, rows: Shares) {
  await grid.capsules.register(grid.creator, registration(rows));
  return await grid.capsules.lastCapsuleId();
}

/** Distinct accounts without known keys. */
export function accounts(count: number, seed = "account") {
  return Array.from({ length: count }, (_, i) => ethers.dataSlice(ethers.id(`${seed} ${i}`), 12));
}

export function sum(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}

/** Whole numbers from 0 to `below - 1`, the same for the same seed (mulberry32). */
export function randomOf(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

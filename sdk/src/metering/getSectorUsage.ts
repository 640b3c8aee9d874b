import { type Client, checkCall } from "../client.ts";
import { checkCount, checkUint } from "../core/check.ts";
import { ascending, sumOf } from "../core/lists.ts";
import { type BlockRange, type Logged, readLogs, type SearchRange } from "../core/logs.ts";
import { read, timeAt } from "../core/read.ts";
import { InvalidParameterError } from "../errors.ts";
import { type OfferTotal, totalsOf } from "./totals.ts";

export type GetSectorUsageParameters = BlockRange & {
  /** A round of the mine: a day, counted from 1. @default the current one */
  readonly round?: bigint;
  /** Only this sector. @default all sectors */
  readonly sector?: bigint;
};
export type GetSectorUsageReturnType = {
  readonly round: bigint;
  /** Begin of the round, seconds since 1970. */
  readonly startsAt: bigint;
  /** End of the round, seconds since 1970. Until then more may be settled. */
  readonly endsAt: bigint;
  /** Sectors with settled use, by number. A given sector is always there. */
  readonly sectors: readonly SectorUsage[];
};

export type SectorUsage = {
  readonly sector: bigint;
  /** Metered units settled in the round, of all offers together. */
  readonly units: bigint;
  /** The sector's offers, by id. */
  readonly offers: readonly OfferTotal[];
};

type Settled = Logged<"UsageLedger", "OpenSettled" | "PrivateSettled">;

/**
 * Use settled at the client's ledger in a round, for each sector: the sum of the offers that name it. In private mode a
 * proof shows each offer's total. A use counts in the round of its settlement.
 *
 * @throws {@link InvalidParameterError} for a future round or a malformed number
 * @example
 * ```ts
 * const { sectors } = await getSectorUsage(client, { round: 1n });
 * for (const { sector, units } of sectors) console.log(sector, units);
 * ```
 */
export async function getSectorUsage(
  client: Client,
  parameters: GetSectorUsageParameters = {},
): Promise<GetSectorUsageReturnType> {
  const { round: wanted, sector, blockRange } = checkCall(client, parameters);
  if (sector !== undefined) checkUint("sector", sector, 16);
  const range = blockRange === undefined ? {} : { blockRange: checkCount("blockRange", blockRange, 1) };
  const [current, start, length, newest] = await Promise.all([
    read(client, "BenefitMine", "currentRound", []),
    read(client, "BenefitMine", "START", []),
    read(client, "BenefitMine", "ROUND", []),
    client.provider.getBlockNumber(),
  ]);
  const round = checkUint("round", wanted ?? current, 32, 1n);
  if (round > current) {
    const problem = `is ${round}, but the current round is ${current}`;
    throw new InvalidParameterError("round", problem, "Pass a past round or the current one");
  }
  const startsAt = start + (round - 1n) * length;
  const endsAt = startsAt + length;
  const from = await firstBlockFrom(client, startsAt, client.blockNumber, newest);
  const to = (await firstBlockFrom(client, endsAt, from, newest)) - 1;
  const totals = await totalsBetween(client, { fromBlock: from, toBlock: to, ...range });
  const usages = await bySector(client, totals);
  const sectors =
    sector === undefined ? usages : [usages.find((one) => one.sector === sector) ?? none(sector)];
  return { round, startsAt, endsAt, sectors };
}

function none(sector: bigint): SectorUsage {
  return { sector, units: 0n, offers: [] };
}

/** The first block at this time or later, or the one after the newest. */
async function firstBlockFrom(client: Client, time: bigint, from: number, newest: number): Promise<number> {
  let [low, high] = [from, newest + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await timeAt(client, middle)) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Units settled by offer in these blocks. */
async function totalsBetween(client: Client, range: SearchRange): Promise<ReadonlyMap<bigint, bigint>> {
  const totals = new Map<bigint, bigint>();
  const events = await readLogs(client, "UsageLedger", ["OpenSettled", "PrivateSettled"], range);
  for (const { offerId, units } of events.flatMap(settledIn)) {
    totals.set(offerId, (totals.get(offerId) ?? 0n) + units);
  }
  return totals;
}

function settledIn({ name, args }: Settled): readonly OfferTotal[] {
  return name === "OpenSettled" ? [{ offerId: args.offerId, units: args.units }] : totalsOf(args);
}

async function bySector(client: Client, totals: ReadonlyMap<bigint, bigint>): Promise<SectorUsage[]> {
  const offers = await Promise.all(
    [...totals].map(async ([offerId, units]) => {
      const { sector } = await read(client, "TermsRegistry", "offerOf", [offerId]);
      return { sector, offerId, units };
    }),
  );
  const sectors = ascending([...new Set(offers.map(({ sector }) => sector))], (sector) => sector);
  return sectors.map((sector) => {
    const inSector = offers.filter((offer) => offer.sector === sector);
    return {
      sector,
      units: sumOf(inSector, ({ units }) => units),
      offers: ascending(
        inSector.map(({ offerId, units }) => ({ offerId, units })),
        ({ offerId }) => offerId,
      ),
    };
  });
}

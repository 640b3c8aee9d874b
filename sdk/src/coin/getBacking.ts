import { addressOf, type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { sumOf } from "../core/lists.ts";
import { type BlockRange, readLogs } from "../core/logs.ts";
import { read, timeAt } from "../core/read.ts";
import { type Proceeds, readProceeds, type SoldLot } from "../shared/proceeds.ts";
import { COIN_UNIT, soldOf } from "./lots.ts";

export type GetBackingParameters = BlockRange;
export type GetBackingReturnType = {
  /** The block of all these figures. */
  readonly blockNumber: number;
  /** Base units of the coin: all coins, and those outside of the sale. */
  readonly minted: bigint;
  readonly circulating: bigint;
  /**
   * Bought in ended lots, but not claimed yet. Rounding leaves less than a base unit for each buyer unclaimed
   * permanently.
   */
  readonly unclaimed: bigint;
  /** In stock, on sale, or given to the sale. */
  readonly unsold: bigint;
  /** Payments for coins, base units of each currency. All of it went to public goods. */
  readonly proceeds: readonly {
    readonly currency: Address;
    /** Paid for coins. */
    readonly received: bigint;
    /** Released and held by the Commons in this currency, gifts included. */
    readonly released: bigint;
    readonly inVaults: bigint;
    /**
     * Paid in ended lots for each whole coin circulating or bought in them, rounded down. Undefined without such
     * coins.
     */
    readonly perCoin: bigint | undefined;
  }[];
  /** The benefit behind the coins of closed rounds: free use times quality. */
  readonly sectors: readonly {
    readonly sector: bigint;
    readonly benefit: bigint;
    /** Base units of the coin, minted or not yet. */
    readonly earned: bigint;
  }[];
};

/**
 * The coin's backing, from chain data alone: the proven benefit behind its minting, and the public goods paid by
 * its sale. Reads the events of mine, sale and Commons since the deployment.
 *
 * @throws {@link InvalidParameterError} for a malformed block range
 * @example
 * ```ts
 * const { circulating, proceeds, sectors } = await getBacking(client);
 * ```
 */
export async function getBacking(
  client: Client,
  parameters: GetBackingParameters = {},
): Promise<GetBackingReturnType> {
  checkCall(client, parameters);
  const toBlock = await client.provider.getBlockNumber();
  const range = { ...parameters, toBlock };
  const found = await readProceeds(client, range);
  const now = await timeAt(client, toBlock);
  const over = [...found.lots.values()].filter(({ closesAt }) => closesAt <= now);
  const coins = await coinsAt(client, over, range);
  const { circulating, unclaimed } = coins;
  return {
    blockNumber: toBlock,
    ...coins,
    proceeds: proceedsOf(found, over, circulating + unclaimed),
    sectors: await sectorsOf(client, range),
  };
}

type Range = BlockRange & { readonly toBlock: number };

async function coinsAt(client: Client, over: readonly SoldLot[], range: Range) {
  const { toBlock } = range;
  const minted = await read(client, "FoundationCoin", "totalSupply", [], toBlock);
  const held = await read(client, "FoundationCoin", "balanceOf", [addressOf(client, "CoinSale")], toBlock);
  const claims = await readLogs(client, "CoinSale", ["CoinsClaimed"], range);
  const unclaimed = sumOf(over, soldOf) - sumOf(claims, ({ args }) => args.coins);
  return { minted, circulating: minted - held, unclaimed, unsold: held - unclaimed };
}

/** Ended lots only. An open lot has money but no sold coins yet, so it would make coins look dearer. */
function proceedsOf({ entries, lots }: Proceeds, over: readonly SoldLot[], coins: bigint) {
  const currencies = [...new Set([...lots.values()].map(({ currency }) => currency))];
  return currencies.map((currency) => {
    const own = entries.filter(({ token }) => token === currency);
    const received = sumOf(own, ({ kind, amount }) => (kind === "sale" ? amount : 0n));
    const released = sumOf(own, ({ kind, amount }) => (kind === "release" ? amount : 0n));
    const all = sumOf(own, ({ amount }) => amount) - released;
    const paid = sumOf(over, (lot) => (lot.currency === currency ? lot.total : 0n));
    const perCoin = coins === 0n ? undefined : (paid * COIN_UNIT) / coins;
    return { currency, received, released, inVaults: all - released, perCoin };
  });
}

async function sectorsOf(client: Client, range: Range) {
  const logs = await readLogs(client, "BenefitMine", ["SectorEarned"], range);
  const sums = new Map<bigint, { benefit: bigint; earned: bigint }>();
  for (const { args } of logs) {
    const { benefit, earned } = sums.get(args.sector) ?? { benefit: 0n, earned: 0n };
    sums.set(args.sector, { benefit: benefit + args.benefit, earned: earned + args.amount });
  }
  return [...sums].map(([sector, sum]) => ({ sector, ...sum }));
}

/** Free use, the coins minted for it, and their sale. Amounts of money are base units of the report's currency. */
export type BenefitModel = {
  /** Number of people served for free, units they used, and units that earn the sector's whole part. */
  readonly citizens: number;
  readonly units: bigint;
  readonly target: bigint;
  /** Sentences about the licenses that share a total in their batch. */
  readonly anonymity: readonly string[];
  readonly round: bigint;
  /** The round mined the schedule between these heights, in 2^-64. */
  readonly fromHeight: bigint;
  readonly toHeight: bigint;
  /** Base units of the coin minted for this benefit. */
  readonly minted: bigint;
  /** The lot: base units of the coin on sale, contributions, reserve price of a coin and price paid. */
  readonly coins: bigint;
  readonly total: bigint;
  readonly reserve: bigint;
  readonly price: bigint;
  readonly buyers: readonly BuyerRow[];
  /** Base units of the coin that stay in the sale: unsold, and dust of rounding. */
  readonly unsold: bigint;
  /** The lot's programme, and its vault as the Commons' events add up. */
  readonly programmeId: bigint;
  readonly received: bigint;
  readonly released: bigint;
  readonly inVault: bigint;
  /** Whether the events add up to the balances that the Commons stores and holds. */
  readonly agrees: boolean;
};

export type BuyerRow = { readonly name: string; readonly paid: bigint; readonly coins: bigint };

/** Symbol and decimals of the Foundation Coin. */
export const COIN = { symbol: "FC", decimals: 8 } as const;

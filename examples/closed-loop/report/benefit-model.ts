/** How free use became coins, and their sale a public good. Amounts of money are base units of the report's currency. */
export type BenefitModel = {
  /** How many asked for nothing, how many units they used, and how many earn the sector's whole part. */
  readonly citizens: number;
  readonly units: bigint;
  readonly target: bigint;
  readonly round: bigint;
  /** First of the 144 heights that it mined. */
  readonly height: bigint;
  /** Base units of the coin: what the round could mint at most, and what this benefit did. */
  readonly subsidy: bigint;
  readonly minted: bigint;
  /** Base units of the coin on sale; money that came in; least price of a coin, and what it cost in the end. */
  readonly coins: bigint;
  readonly total: bigint;
  readonly reserve: bigint;
  readonly price: bigint;
  readonly buyers: readonly BuyerRow[];
  /** Base units of the coin that the sale keeps: unsold, and what rounding left. */
  readonly unsold: bigint;
  /** The programme that the lot paid, and its vault as the Commons' events add up. */
  readonly programmeId: bigint;
  readonly received: bigint;
  readonly released: bigint;
  readonly inVault: bigint;
  /** Whether the audit of the chain's events agrees with what the Commons stores and holds. */
  readonly agrees: boolean;
};

export type BuyerRow = { readonly name: string; readonly paid: bigint; readonly coins: bigint };

/** The coin, for printing. */
export const COIN = { symbol: "FC", decimals: 8 } as const;

/** How free use became coins, and their sale a public good. Amounts of money are base units of the report's currency. */
export type BenefitModel = {
  /** Country of the champion that served, ISO 3166-1 numeric. */
  readonly country: bigint;
  readonly citizens: number;
  /** Units that they used for nothing, proven, and the units that earn the sector's whole part. */
  readonly units: bigint;
  readonly target: bigint;
  readonly round: bigint;
  /** First height of the round. */
  readonly height: bigint;
  /** Base units of the coin, 10^8 a coin: what the round could have mined, and what the champion's benefit did. */
  readonly subsidy: bigint;
  readonly minted: bigint;
  /** Coins on sale; what came in; the least price of a coin, and what it cost. */
  readonly lot: {
    readonly coins: bigint;
    readonly total: bigint;
    readonly reserve: bigint;
    readonly price: bigint;
  };
  readonly buyers: readonly { readonly name: string; readonly paid: bigint; readonly coins: bigint }[];
  /** Coins in nobody's hands yet. */
  readonly unsold: bigint;
  /** What the Commons says of the currency, and what its events add up to. */
  readonly commons: {
    readonly programmeId: bigint;
    readonly proceeds: bigint;
    readonly inVaults: bigint;
    readonly released: bigint;
  };
};

/** The coin, for printing. */
export const COIN = { symbol: "FC", decimals: 8 } as const;

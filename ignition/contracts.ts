/**
 * The grid's contracts, by the names that modules, tests and benches use. A deployment records them in this order.
 * TestUSD is deployed on local and test chains only.
 */
export const CONTRACTS = {
  capsules: "CapsuleRegistry",
  pools: "ContributionPoolFactory",
  benchmarks: "BenchmarkAttestations",
  terms: "TermsRegistry",
  licenses: "LicenseNFT",
  ledger: "UsageLedger",
  router: "SettlementRouter",
  coin: "FoundationCoin",
  mine: "BenefitMine",
  sale: "CoinSale",
  champions: "ChampionRegistry",
  subnets: "SubnetHub",
  feeds: "SubnetFeedFactory",
  commons: "Commons",
  governor: "GridGovernor",
  guardian: "Guardian",
  timelock: "GridTimelock",
  usd: "TestUSD",
} as const;

/** The names in this repository. */
export type ContractKey = keyof typeof CONTRACTS;

import type { Explanations } from "./explanation.ts";

/** Errors of the Foundation Coin, its mine and its sale. */
export const COIN = {
  ChampionsNotContract: ["There is no champion registry at this address.", "Check the deployment's order."],
  CommonsNotContract: ["There is no Commons at this address.", "Check the deployment's order."],
  MineAdminZero: ["The mine needs an admin.", "Pass the deployer or the timelock."],
  SubnetsNotContract: ["There is no hub of subnets at this address.", "Check the deployment's order."],
  SubnetsAlreadySet: ["The hub of subnets is set already, permanently.", "Nothing is left to do."],
  CoinCallerNotMinter: ["Only the mine mints coins.", "Report benefit: coins follow from rounds."],
  CallerNotSource: ["The caller is not an admitted source.", "Ask governance to admit it."],
  CallerNotMine: ["Only the mine may do this.", "Mint benefit at the mine."],
  SourceCapZero: ["The source's cap is zero.", "Pass the most units that it may report in a round."],
  SourceCapMismatch: [
    "The source has another cap from before.",
    "Admit it with that cap, then change it by `callToSetSourceCap`.",
  ],
  SourceAlreadyAdmitted: ["The source is admitted already.", "Nothing is left to do."],
  SourceNotAdmitted: ["The source was never admitted, or was removed.", "Check its address."],
  StopsExceedMaximum: [
    "The source was stopped too often.",
    "Remove the source by governance. It cannot be stopped again.",
  ],
  SectorTargetZero: ["A sector with weight needs a target.", "Pass a target of at least one unit a round."],
  SectorsExceedMaximum: ["There are as many sectors as fit.", "Retire a sector first."],
  SectorWithoutWeight: [
    "The sector mines nothing in this round.",
    "Report for another sector, or wait for its weight.",
  ],
  SectorNonexistent: ["There is no sector of this number.", "Read the present ones by `getSectors`."],
  SectorHasWeight: ["The sector still has a weight.", "Set its weight to 0 first."],
  SectorRoundsOpen: [
    "Rounds with the sector's weight are not closed yet.",
    "Close them first, then retire the sector.",
  ],
  ReportChampionNotRewarded: [
    "The champion is not admitted to this sector, or is restricted or retired.",
    "Report for a champion that `getSector` lists.",
  ],
  ReportWithoutBenefit: [
    "The report has no benefit: its use times the champion's quality is below one unit.",
    "Report more use at once. A champion outside of the sector's subnet has quality 0 and must register there.",
  ],
  ReportExceedsCap: [
    "The source has reported its maximum of this round.",
    "Report at most `available` units now, the rest in the next round.",
  ],
  ReportExceedsAllowance: [
    "The champion's country has used its allowance of free use.",
    "Report at most `available` units now, the rest in the next round.",
  ],
  RoundNotNext: ["Another round must be closed first.", "Close round `next`."],
  RoundOnHold: [
    "The round waits three days, so that false reports can be stopped.",
    "Close it after the time `holdEnd`.",
  ],
  RoundNotClosed: ["The round is not closed.", "Close it first by `closeRound`."],
  BenefitNonexistent: [
    "The champion has no benefit in this round and sector.",
    "Check round, sector and champion.",
  ],
  BenefitAlreadyMinted: ["These coins were minted before.", "Nothing is left to do."],
  CurrencyIsCoin: ["The coin cannot be sold for itself.", "Pass another token."],
  CurrencyNotAccepted: ["The sale does not take this currency.", "Use one of `getCurrencies`."],
  CurrencyIsStandard: ["This is the standard currency.", "Set another standard first."],
  StandardCurrencyUnset: ["The sale has no standard currency.", "Governance must set one."],
  CallerNotSaleOperator: ["The caller does not operate this champion.", "Sign as its operator."],
  StockBelowCoin: ["The champion has less than one coin to sell.", "Mint its benefit first."],
  LotNonexistent: ["There is no lot with this id.", "Read the lots by `listLots`."],
  LotStillOpen: [
    "The lot still takes contributions.",
    "Claim, or open the next one, after the time `closesAt`.",
  ],
  LotOver: ["The lot is closed.", "Contribute to the champion's next lot."],
  LotBuyerZero: ["The coins would go to the zero address.", "Pass the buyer's address."],
  ContributionTooSmall: [
    "The contribution is below the price of one coin at the reserve.",
    "Contribute at least `minimum` base units.",
  ],
} as const satisfies Explanations;

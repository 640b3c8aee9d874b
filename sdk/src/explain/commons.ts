import type { Explanations } from "./explanation.ts";

/** Errors of champions, programmes and vaults. */
export const COMMONS = {
  ChampionCountryInvalid: ["This is no country code.", "Pass a code of ISO 3166-1 (numeric)."],
  ChampionCountryTaken: ["The country has a champion.", "Retire champion `championId` first."],
  ChampionAccountZero: ["A champion needs an operator and a registrar.", "Pass both addresses."],
  ChampionRegistrarIsOperator: ["Operator and registrar are the same account.", "Pass two accounts."],
  ChampionNonexistent: ["There is no champion with this id.", "Check the id and the chain."],
  ChampionAlreadyRetired: ["The champion is retired.", "Admit the country's next champion."],
  CallerNotChampionOperator: ["The caller does not operate this champion.", "Sign as its operator."],
  CallerNotPendingOperator: [
    "Nobody offered this champion to the caller.",
    "Ask its operator to name you first.",
  ],
  ProgrammeNonexistent: ["There is no programme with this id.", "Programmes count from 1."],
  ProgrammeStewardZero: ["A programme needs a steward.", "Pass the steward's address."],
  CallerNotSteward: ["The caller is not the programme's steward.", "Sign as the steward."],
  VaultAmountZero: ["The amount is zero.", "Pass at least one base unit."],
  VaultTokenNotContract: ["There is no token at this address.", "Check the address and the chain."],
  VaultNothingReleasable: [
    "The vault may release nothing of this token now.",
    "Wait: the limit on releases grows with time.",
  ],
  UnassignedInsufficientBalance: [
    "Less is unassigned than this amount.",
    "Assign at most `balance` base units.",
  ],
  MilestoneCapsuleMismatch: [
    "A service's milestone names its capsule, and others name none.",
    "Pass the capsule only for a programme of the kind service.",
  ],
  MilestoneEvidenceZero: ["The hash of the evidence is zero.", "Pass the hash of the published evidence."],
  MilestoneNonexistent: ["There is no milestone with this id.", "Check the id and the chain."],
  MilestoneStatusInvalid: ["The milestone is released or withdrawn.", "Propose another milestone."],
  MilestoneNotAsApproved: [
    "The approved call names other content than the milestone.",
    "Propose the release again, with the milestone's present content.",
  ],
  MilestoneStewardReplaced: [
    "Another steward proposed this milestone.",
    "The present steward can propose it again.",
  ],
  MilestoneNotReleasableYet: [
    "The time for objections is not over.",
    "Release it after the time `releasableFrom`.",
  ],
  ReleaseLimitOutOfRange: ["The limit is out of its range.", "Pass `min` to `max` basis points."],
  CallerNotMilestoneSteward: ["The caller did not propose this milestone.", "Sign as its steward."],
  CommonsRouterZero: ["The router's address is zero.", "Pass the deployed SettlementRouter."],
  CommonsRouterAlreadySet: ["The router was set before.", "Nothing is left to do: it is final."],
} as const satisfies Explanations;

import type { Explanations } from "./explanation.ts";

/** Errors of subnets. */
export const SUBNETS = {
  HubCoinNotContract: ["There is no coin at this address.", "Check the deployment's order."],
  HubChampionsNotContract: [
    "There is no champion registry at this address.",
    "Check the deployment's order.",
  ],
  HubAdminZero: ["The hub needs an admin.", "Pass the deployer or the timelock."],
  SubnetNonexistent: ["There is no subnet with this id.", "Check the id."],
  SubnetsExceedMaximum: [
    "There are as many open subnets as governance allows.",
    "Ask governance for a higher maximum, or join an existing subnet.",
  ],
  SubnetTempoOutOfRange: [
    "The duration of an epoch is out of range.",
    "Pass from 3,600 to 2,419,200 seconds, 28 days.",
  ],
  SubnetTablesOutOfRange: [
    "The tables of validators and miners are empty or too large.",
    "Pass 1 to 48 validators and 1 to 256 miners, with a product of at most 3,072.",
  ],
  SubnetImmunityOutOfRange: ["The immunity is out of range.", "Pass from 1 to 100 epochs."],
  SubnetFractionsOutOfRange: [
    "A fraction is above 1, or `kappa` is zero.",
    "Pass fractions of 2^32, at most 4,294,967,296.",
  ],
  SubnetMinimumStakeZero: [
    "The least stake of a validator is zero.",
    "Pass a stake above zero: otherwise slots are free.",
  ],
  SectorHasSubnet: ["The sector has the sovereign subnet `subnetId`.", "Retire that subnet first."],
  SubnetIsRetired: ["The subnet has no epochs from epoch `fromEpoch` on.", "Use another subnet."],
  CallerNotSubnetCreator: ["Only the subnet's creator may do this.", "Sign as its creator."],
  SubnetPhaseMismatch: [
    "This is not possible in the present phase of the epoch.",
    "Wait for the phase: task, answer, score and reveal are the quarters of an epoch.",
  ],
  SubnetKindMismatch: [
    "The subnet has miners of another kind.",
    "Register champions in sovereign subnets, and accounts in open ones.",
  ],
  EpochPending: ["An earlier epoch was not run yet.", "Run epoch `epoch` first. Anyone can."],
  StakeAmountZero: ["The amount is zero.", "Pass at least one base unit."],
  UnstakeExceedsStake: ["The stake is smaller.", "Unstake at most `staked` base units."],
  ValidatorBound: [
    "The account is a new validator: its coins and its slot are bound while it is immune.",
    "Try again from epoch `immuneUntil` on.",
  ],
  WithdrawalNonexistent: ["Nothing is being unstaked here.", "Unstake coins first, then wait 7 days."],
  WithdrawalNotReady: ["The delay of 7 days is not over.", "Withdraw after the time `withdrawableAt`."],
  DelegateeInvalid: ["The zero address and the hub cannot vote.", "Pass who votes, for example yourself."],
  StakerNonexistent: ["The account has no coins in the hub.", "Stake coins first."],
  StakeBelowMinimum: [
    "The stake is too small for a validator.",
    "Stake until it is at least `minimum` base units.",
  ],
  ValidatorAlreadyRegistered: ["The account is a validator here already.", "Nothing is left to do."],
  MinerAlreadyRegistered: ["The account is a miner here already.", "Nothing is left to do."],
  ValidatorNotRegistered: [
    "The account is not a validator of this subnet.",
    "Register it, or check whether it was replaced.",
  ],
  MinerNotRegistered: [
    "The account is not a miner of this subnet.",
    "Register it, or check whether it was replaced.",
  ],
  ValidatorsImmune: [
    "All slots of validators are taken, and their validators are too new to be replaced.",
    "Try again in a later epoch.",
  ],
  StakeNotAboveWeakest: [
    "All slots of validators are taken, and the weakest has at least this stake.",
    "Stake more than `weakest` base units.",
  ],
  ReplacementsExceedMaximum: [
    "As many miners as allowed were replaced in this epoch.",
    "Try again in the next epoch.",
  ],
  CallerNotChampionsOperator: ["The caller does not operate this champion.", "Sign as its operator."],
  ChampionNotRewardedInSector: [
    "The champion is not admitted to this sector, or is restricted or retired.",
    "Check the champion and the subnet's sector.",
  ],
  CommitmentZero: ["The commitment is zero.", "Pass the hash of what you will reveal."],
  WeightsCommitLate: [
    "Weights can no longer be committed in this epoch.",
    "Commit before the last phase of the next epoch.",
  ],
  WeightsLengthInvalid: [
    "The weights have no whole entries, or more than one per miner.",
    "Pass 2 bytes per slot of a miner, at most `maximum`.",
  ],
  WeightsCommitmentMismatch: [
    "These weights were not committed in this epoch, or are revealed already.",
    "Reveal exactly what was committed: weights, evidence, URI and salt.",
  ],
  EpochNotPending: ["No epoch of this subnet waits to be run.", "Nothing is left to do."],
  EpochNotOver: ["The epoch is not over.", "Run it after the time `endsAt`."],
  RecordNonexistent: ["The epoch was not run.", "Run it first, if it is pending."],
  PotAmountZero: ["The amount is zero.", "Pass at least one base unit for each epoch."],
  PotEpochsOutOfRange: [
    "These epochs cannot be funded.",
    "Pass at least one epoch, from `currentEpoch` to 52 epochs later.",
  ],
  PotEmpty: ["The pot has no money to move.", "Check subnet, token and epoch."],
  PotNotDead: [
    "The epoch paid somebody, or still can.",
    "Claim the shares, or wait until the epoch was run.",
  ],
  ShareNonexistent: [
    "The record of the epoch has no such index.",
    "Pass validators by slot, then miners by slot.",
  ],
  ShareAlreadyClaimed: ["This share was paid before.", "Nothing is left to do."],
  FundingNonexistent: ["There is no deposit with this id.", "Check the id."],
  FundingNothingToReclaim: [
    "No epoch of this deposit can be reclaimed.",
    "Epochs with payments, rolled over epochs and those before return nothing.",
  ],
  FeedExists: ["This subnet has a feed.", "Use it: `feed` is its address."],
  FeedEmpty: [
    "The feed has nothing in this token, here or at the router.",
    "Check token and subnet, or wait until use in the sector is settled.",
  ],
  SubnetNotRetired: ["The subnet is not retired by now.", "Wait until its last epoch is over."],
  TestSetMismatch: [
    "This test set was not committed in this epoch, or is revealed already.",
    "Reveal the content hash and salt of the commitment.",
  ],
  AnswerMismatch: [
    "This answer was not committed in this epoch, or is revealed already.",
    "Reveal the content hash and salt of the commitment.",
  ],
} as const satisfies Explanations;

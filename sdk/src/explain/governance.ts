import type { Explanations } from "./explanation.ts";

/** Errors of governor, guardian and timelock. */
export const GOVERNANCE = {
  GovernorVotesNotStarted: [
    "Votes start when 1 % of the coins circulate.",
    "Until then only the guardian's council proposes.",
  ],
  GovernorAlreadyCastVote: ["The account has voted.", "A vote is final."],
  GovernorAlreadyQueuedProposal: ["The proposal is queued.", "Execute it after the timelock's delay."],
  GovernorDisabledDeposit: ["The governor takes no ether or tokens.", "Send them to the Commons."],
  GovernorInsufficientProposerVotes: [
    "The proposer has too few votes.",
    "Delegate more votes to it before proposing.",
  ],
  GovernorInvalidProposalLength: [
    "Targets, values and calldata differ in length, or are empty.",
    "Pass one of each for every call.",
  ],
  GovernorInvalidQuorumFraction: ["The quorum is more than the whole.", "Pass at most the denominator."],
  GovernorInvalidSignature: ["The voter did not sign this vote.", "Sign by the voter, for this proposal."],
  GovernorInvalidVoteParams: ["The vote's parameters cannot be read.", "Vote without parameters."],
  GovernorInvalidVoteType: ["This is no kind of vote.", "Vote against (0), for (1) or abstain (2)."],
  GovernorInvalidVotingPeriod: ["The voting period is zero.", "Pass its length in seconds."],
  GovernorNonexistentProposal: ["There is no such proposal.", "Check the id and the chain."],
  GovernorOnlyExecutor: ["Only the timelock may do this.", "Propose the call, so that members vote on it."],
  GovernorPreventLateQuorumVoteExtensionTooLarge: [
    "The extension of late votes is too long.",
    "Pass at most `maxVoteExtension` seconds.",
  ],
  GovernorProposalQueueingFailed: ["The proposal could not be queued.", "Read its state first."],
  GovernorProposalQueueingNotRequired: ["This proposal needs no queue.", "Execute it."],
  GovernorRestrictedProposer: [
    "The description reserves the proposal for another proposer.",
    "Remove the suffix `#proposer=...`, or sign as that account.",
  ],
  GovernorUnableToCancel: [
    "Only the proposer cancels, and only before voting begins.",
    "Vote against the proposal.",
  ],
  GovernorUnexpectedProposalState: [
    "The proposal is in the wrong state for this step.",
    "Read its state by `getProposal`.",
  ],
  GuardianTermOver: ["The guardian's term is over.", "Propose by the DAO."],
  GuardianCallerNotCouncil: ["The caller is not the guardian's council.", "Sign as the council."],
  GuardianCallerNotPendingCouncil: [
    "Nobody offered the council's role to the caller.",
    "Ask the council to name you first.",
  ],
  GuardianCouncilZero: ["The guardian needs a council.", "Pass the council's address."],
  GuardianPermissionForbidden: ["The guardian must never have this permission.", "Remove it from the list."],
  GuardianVotesStarted: [
    "Votes have started, so the council proposes no more than emergency calls.",
    "Propose by the DAO.",
  ],
  GuardianCallsEmpty: ["The proposal has no calls.", "Pass at least one call."],
  GuardianCallNotPermitted: ["The council may not propose this function.", "Propose it by the DAO."],
  GuardianPauseUnderway: ["Settlement is paused already.", "It resumes at the time `until`."],
  GuardianPauseLengthInvalid: [
    "The pause is zero, or longer than what is left.",
    "Pass at most `longest` seconds.",
  ],
  GuardianPauseNotUnderway: ["Settlement is not paused.", "Nothing is left to do."],
  TimelockInsufficientDelay: ["The delay is too short.", "Pass at least `minDelay` seconds."],
  TimelockInvalidOperationLength: [
    "Targets, values and payloads differ in length.",
    "Pass one of each for every call.",
  ],
  TimelockUnauthorizedCaller: ["Only the timelock itself may do this.", "Propose the call."],
  TimelockUnexecutedPredecessor: ["Another operation must run first.", "Execute `predecessorId` before."],
  TimelockUnexpectedOperationState: [
    "The operation is in the wrong state: unknown, too early, done or canceled.",
    "Read its state, and wait for its time.",
  ],
  ERC5805FutureLookup: ["Votes of a time to come are unknown.", "Ask for a past time."],
  ERC6372InconsistentClock: ["The clock of the votes was changed.", "Report it: this must not happen."],
  VotesExpiredSignature: ["The signed delegation has expired.", "Sign a new one with a later expiry."],
  CheckpointUnorderedInsertion: [
    "A value was set for a time before the last one.",
    "Set it for a later round.",
  ],
} as const satisfies Explanations;

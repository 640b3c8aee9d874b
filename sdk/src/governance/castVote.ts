import { checkOneOf, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";

import { defineWrite, type Sent } from "../core/write.ts";

/** A voter's decision. The chain numbers votes in this order. */
const VOTES = ["against", "for", "abstain"] as const;
export type Vote = (typeof VOTES)[number];

export type CastVoteParameters = {
  readonly proposalId: bigint;
  readonly vote: Vote;
  /** A public reason. */
  readonly reason?: string;
};
export type CastVoteReturnType = Sent & {
  /** The vote's weight, base units: the caller's votes at the snapshot. */
  readonly votes: bigint;
};

/**
 * Votes on a proposal, once and finally. Votes for and abstentions count for the quorum. A proposal passes with
 * more votes for than against.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link ContractRevertError} `GovernorNonexistentProposal`, `GovernorUnexpectedProposalState`,
 * `GovernorAlreadyCastVote`
 * @example
 * ```ts
 * const { votes } = await castVote(client, { proposalId, vote: "for", reason: "It was audited." });
 * ```
 */
export const castVote = defineWrite({
  contract: "GridGovernor",
  method: "castVoteWithReason",
  args: ({ proposalId, vote, reason = "" }: CastVoteParameters) => [
    checkUint("proposalId", proposalId, 256),
    checkOneOf("vote", vote, VOTES),
    reason,
  ],
  result: (events) => ({ votes: one(events("GridGovernor", "VoteCast")).weight }),
});

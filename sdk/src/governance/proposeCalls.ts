import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { InvalidParameterError } from "../errors.ts";
import { type Call, checkCalls } from "./calls.ts";
import { proposalIdOf } from "./proposals.ts";

export type ProposeCallsParameters = {
  /** The timelock's calls, in this order, all or none. */
  readonly calls: readonly Call[];
  /**
   * Text for voters. Its first line is the title. End it with `#proposer=0x...` to reserve the proposal for that
   * account. Otherwise anyone can copy the waiting transaction, propose first, and then cancel.
   */
  readonly description: string;
};
export type ProposeCallsReturnType = Sent & {
  readonly proposalId: bigint;
  /** Votes count as of this second, since 1970. Voting begins after it. */
  readonly snapshot: bigint;
  /** Last second of voting, unless a late quorum extends it. */
  readonly deadline: bigint;
};

/**
 * Proposes calls to the DAO. The caller needs votes. Try the calls by `simulateProposal` before.
 *
 * @throws {@link InvalidParameterError} for no calls, a malformed one or an empty description
 * @throws {@link ContractRevertError} `GovernorVotesNotStarted`, `GovernorInsufficientProposerVotes`,
 * `GovernorUnexpectedProposalState` if it was already proposed, `GovernorRestrictedProposer`
 * @example
 * ```ts
 * const call = callToAdmitLedger(client, { ledger });
 * const { proposalId } = await proposeCalls(client, {
 *   calls: [call],
 *   description: `# Admit a ledger\n\nIt was audited.\n\n#proposer=${account}`,
 * });
 * ```
 */
export const proposeCalls = Object.assign(
  defineWrite({
    contract: "GridGovernor",
    method: "propose",
    args: ({ calls, description }: ProposeCallsParameters) => {
      const checked = checkCalls(calls);
      return [
        checked.map(({ target }) => target),
        checked.map(({ value }) => value),
        checked.map(({ data }) => data),
        checkDescription(description),
      ];
    },
    result: (events) => {
      const { proposalId, voteStart, voteEnd } = one(events("GridGovernor", "ProposalCreated"));
      return { proposalId, snapshot: voteStart, deadline: voteEnd };
    },
  }),
  {
    /** The proposal's future id. */
    idOf: ({ calls, description }: ProposeCallsParameters) => proposalIdOf(checkCalls(calls), description),
  },
);

function checkDescription(description: string): string {
  if (description.trim() !== "") return description;
  throw new InvalidParameterError("description", "is empty", "Describe the proposal's purpose");
}

import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { InvalidParameterError } from "../errors.ts";
import { type Call, checkCalls } from "./calls.ts";
import { proposalIdOf } from "./proposals.ts";

export type ProposeCallsParameters = {
  /** What the timelock is to do, in this order, all or nothing. */
  readonly calls: readonly Call[];
  /**
   * What voters read; its first line is the title. If it ends with `#proposer=0x...`, only that account can propose
   * it: otherwise whoever sees the transaction wait may propose the same first, and then cancel it.
   */
  readonly description: string;
};
export type ProposeCallsReturnType = Sent & {
  readonly proposalId: bigint;
  /** Whose votes at this second count, seconds since 1970. Voting begins after it. */
  readonly snapshot: bigint;
  /** Last second of voting, unless a late quorum extends it. */
  readonly deadline: bigint;
};

/**
 * Proposes calls to the DAO. The caller needs votes; `simulateProposal` tells before whether the calls would work.
 *
 * @throws {@link InvalidParameterError} for no calls, a malformed one or an empty description
 * @throws {@link ContractRevertError} `GovernorVotesNotStarted`, `GovernorInsufficientProposerVotes`,
 * `GovernorUnexpectedProposalState` if it was proposed before, `GovernorRestrictedProposer`
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
    /** The id that the proposal will have. */
    idOf: ({ calls, description }: ProposeCallsParameters) => proposalIdOf(checkCalls(calls), description),
  },
);

function checkDescription(description: string): string {
  if (description.trim() !== "") return description;
  throw new InvalidParameterError("description", "is empty", "Say what the proposal is for");
}

import { defineWrite, type Sent } from "../core/write.ts";
import { type ProposalReference, proposalKey } from "./proposals.ts";

export type ExecuteProposalParameters = ProposalReference;
export type ExecuteProposalReturnType = Sent;

/**
 * Executes a queued proposal's calls through the timelock after their delay, all or none. Anyone may call.
 *
 * @throws {@link ContractRevertError} `GovernorNonexistentProposal`, `GovernorUnexpectedProposalState`,
 * `TimelockUnexpectedOperationState` if it is too early, and the reverts of the calls themselves
 * @example
 * ```ts
 * await executeProposal(client, { proposalId });
 * ```
 */
export const executeProposal = defineWrite({
  contract: "GridGovernor",
  method: "execute",
  args: (reference: ExecuteProposalParameters, client) => proposalKey(client, reference),
  result: () => ({}),
});

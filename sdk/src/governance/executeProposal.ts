import { defineWrite, type Sent } from "../core/write.ts";
import { type ProposalReference, proposalKey } from "./proposals.ts";

export type ExecuteProposalParameters = ProposalReference;
export type ExecuteProposalReturnType = Sent;

/**
 * Has the timelock do what a proposal says, once its time has come: all calls or none. Anyone may call.
 *
 * @throws {@link ContractRevertError} `GovernorNonexistentProposal`, `GovernorUnexpectedProposalState`,
 * `TimelockUnexpectedOperationState` if it is too early, and what the calls themselves revert with
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

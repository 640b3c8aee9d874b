import { defineWrite, type Sent } from "../core/write.ts";
import { type ProposalReference, proposalKey } from "./proposals.ts";

export type CancelProposalParameters = ProposalReference;
export type CancelProposalReturnType = Sent;

/**
 * Cancels a proposal. Only its proposer may call, and only before voting begins.
 *
 * @throws {@link ContractRevertError} `GovernorNonexistentProposal`, `GovernorUnableToCancel`
 * @example
 * ```ts
 * await cancelProposal(client, { proposalId });
 * ```
 */
export const cancelProposal = defineWrite({
  contract: "GridGovernor",
  method: "cancel",
  args: (reference: CancelProposalParameters, client) => proposalKey(client, reference),
  result: () => ({}),
});

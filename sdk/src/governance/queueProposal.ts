import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { type ProposalReference, proposalKey } from "./proposals.ts";

export type QueueProposalParameters = ProposalReference;
export type QueueProposalReturnType = Sent & {
  /** Earliest execution, seconds since 1970. */
  readonly eta: bigint;
};

/**
 * Queues a passed proposal at the timelock. Anyone may call.
 *
 * @throws {@link ContractRevertError} `GovernorNonexistentProposal`, `GovernorUnexpectedProposalState`
 * @example
 * ```ts
 * const { eta } = await queueProposal(client, { proposalId });
 * ```
 */
export const queueProposal = defineWrite({
  contract: "GridGovernor",
  method: "queue",
  args: (reference: QueueProposalParameters, client) => proposalKey(client, reference),
  result: (events) => ({ eta: one(events("GridGovernor", "ProposalQueued")).etaSeconds }),
});

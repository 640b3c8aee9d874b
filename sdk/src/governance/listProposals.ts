import type { Client } from "../client.ts";
import { pastEvents, type SearchRange } from "../core/logs.ts";
import { type ProposalSummary, summaryOf } from "./proposals.ts";

export type ListProposalsParameters = SearchRange;
/** Newest first. */
export type ListProposalsReturnType = readonly ProposalSummary[];

/**
 * All proposals ever made, from the governor's events since the deployment.
 *
 * @throws {@link InvalidParameterError} for a malformed range of blocks
 * @example
 * ```ts
 * const proposals = await listProposals(client);
 * const open = proposals.filter(({ state }) => state === "Active");
 * ```
 */
export async function listProposals(
  client: Client,
  search: ListProposalsParameters = {},
): Promise<ListProposalsReturnType> {
  const proposals = [];
  for await (const event of pastEvents(client, "GridGovernor", "ProposalCreated", search)) {
    proposals.push(await summaryOf(client, event));
  }
  return proposals;
}

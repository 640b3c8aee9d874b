import { type Client, checkCall } from "../client.ts";
import { inParts } from "../core/lists.ts";
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
  checkCall(client, search);
  const events = [];
  for await (const event of pastEvents(client, "GridGovernor", "ProposalCreated", search)) events.push(event);
  return await inParts(events, (event) => summaryOf(client, event));
}

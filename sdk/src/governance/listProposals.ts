import type { Client } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { type BlockRange, pastEvents } from "../core/logs.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";
import { type DecodedCall, decodeCall } from "./calls.ts";
import { callsOf, PROPOSAL_STATES, type ProposalCreated, type ProposalState, titleOf } from "./proposals.ts";

export type ListProposalsParameters = BlockRange;
/** The newest first. */
export type ListProposalsReturnType = readonly {
  readonly proposalId: bigint;
  readonly proposer: Address;
  /** First line of the description. */
  readonly title: string;
  readonly description: string;
  readonly state: ProposalState;
  /** What the timelock is to do. */
  readonly calls: readonly DecodedCall[];
  /** Second whose votes count, since 1970. */
  readonly snapshot: bigint;
  /** Last second of voting, since 1970. */
  readonly deadline: bigint;
}[];

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
    proposals.push(await summarize(client, event));
  }
  return proposals;
}

async function summarize(client: Client, event: ProposalCreated) {
  const { proposalId, proposer, description, voteStart: snapshot } = event;
  const [state, deadline] = await Promise.all([
    read(client, "GridGovernor", "state", [proposalId]),
    read(client, "GridGovernor", "proposalDeadline", [proposalId]),
  ]);
  return {
    proposalId,
    proposer,
    title: titleOf(description),
    description,
    state: nameAt(PROPOSAL_STATES, state),
    calls: callsOf(event).map((call) => decodeCall(client, call)),
    snapshot,
    deadline,
  };
}

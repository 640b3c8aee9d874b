import { AbiCoder, id, keccak256 } from "ethers";
import type { Client } from "../client.ts";
import type { Address, Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { type Past, pastEvents, type SearchRange } from "../core/logs.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";
import { EventNotFoundError } from "../errors.ts";
import { type DecodedCall, decodeCall, type FullCall } from "./calls.ts";

/** Where a proposal stands. The chain numbers states in this order. */
export const PROPOSAL_STATES = [
  "Pending",
  "Active",
  "Canceled",
  "Defeated",
  "Succeeded",
  "Queued",
  "Expired",
  "Executed",
] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** A proposal in a list. */
export type ProposalSummary = {
  readonly proposalId: bigint;
  readonly proposer: Address;
  /** First line of the description. */
  readonly title: string;
  readonly description: string;
  readonly state: ProposalState;
  /** The timelock's calls. */
  readonly calls: readonly DecodedCall[];
  /** Votes count as of this second, since 1970. Voting begins after it. */
  readonly snapshot: bigint;
  /** Last second of voting, since 1970. */
  readonly deadline: bigint;
};

/** The proposal, and how to search for its calls: the chain has them only in events. */
export type ProposalReference = SearchRange & { readonly proposalId: bigint };

export type ProposalCreated = Past<"GridGovernor", "ProposalCreated">;

/** A proposal's event. */
export async function findProposal(
  client: Client,
  { proposalId, ...search }: ProposalReference,
): Promise<ProposalCreated> {
  // Fails at once for an unknown id.
  await read(client, "GridGovernor", "state", [checkUint("proposalId", proposalId, 256)]);
  for await (const event of pastEvents(client, "GridGovernor", "ProposalCreated", search)) {
    if (event.proposalId === proposalId) return event;
  }
  const event = `of proposal ${proposalId} since block ${client.blockNumber}`;
  throw new EventNotFoundError(event, "The proposal exists: check `blockNumber` of the deployment");
}

/** The proposal's key, for `queue`, `execute` and `cancel`. */
export async function proposalKey(client: Client, reference: ProposalReference) {
  const { targets, values, calldatas, description } = await findProposal(client, reference);
  return [targets, values, calldatas, id(description) as Hex] as const;
}

/** The governor's id of a proposal. */
export function proposalIdOf(calls: readonly FullCall[], description: string): bigint {
  const lists = [
    calls.map(({ target }) => target),
    calls.map(({ value }) => value),
    calls.map(({ data }) => data),
  ];
  const types = ["address[]", "uint256[]", "bytes[]", "bytes32"];
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, [...lists, id(description)])));
}

export async function summaryOf(client: Client, event: ProposalCreated): Promise<ProposalSummary> {
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

function callsOf({ targets, values, calldatas }: ProposalCreated): FullCall[] {
  return targets.map((target, i) => ({
    target,
    value: values[i] ?? 0n,
    data: calldatas[i] ?? "0x",
  }));
}

/** The first line of a description, without heading marks. */
function titleOf(description: string): string {
  return (
    description
      .trim()
      .split("\n", 1)[0]
      ?.replace(/^#+\s*/, "") ?? ""
  );
}

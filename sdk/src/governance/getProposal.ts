import type { Client } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";
import { type DecodedCall, decodeCall } from "./calls.ts";
import {
  callsOf,
  findProposal,
  PROPOSAL_STATES,
  type ProposalReference,
  type ProposalState,
  titleOf,
} from "./proposals.ts";

export type GetProposalParameters = ProposalReference;
export type GetProposalReturnType = {
  readonly proposalId: bigint;
  readonly proposer: Address;
  /** First line of the description. */
  readonly title: string;
  readonly description: string;
  readonly state: ProposalState;
  /** What the timelock is to do. */
  readonly calls: readonly DecodedCall[];
  /** Base units of the coin. */
  readonly votes: { readonly for: bigint; readonly against: bigint; readonly abstain: bigint };
  /** Base units of the coin. Until the snapshot is over, they are what they would be now. */
  readonly quorum: {
    readonly needed: bigint;
    /** Votes for, and abstentions. */
    readonly reached: bigint;
    readonly isReached: boolean;
    /** Coins that `needed` is a part of. */
    readonly circulating: bigint;
  };
  /** Second whose votes count, since 1970; voting begins after it. */
  readonly snapshot: bigint;
  /** Last second of voting. */
  readonly deadline: bigint;
  /** From when on it can be executed; undefined until it is queued. */
  readonly eta: bigint | undefined;
  /** What to do next, from and until when, seconds since 1970; without times: now. */
  readonly next: NextStep;
};
/** A step in a proposal's life. */
export type NextStep = {
  readonly action: "vote" | "queue" | "execute" | "none";
  readonly from?: bigint;
  readonly until?: bigint;
};

/**
 * A proposal: what it would do, where it stands, and what to do next.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `GovernorNonexistentProposal`
 * @example
 * ```ts
 * const { state, calls, next } = await getProposal(client, { proposalId });
 * ```
 */
export async function getProposal(
  client: Client,
  reference: GetProposalParameters,
): Promise<GetProposalReturnType> {
  const event = await findProposal(client, reference);
  const { proposalId, proposer, description } = event;
  const { votes, ...standing } = await standingOf(client, proposalId);
  return {
    proposalId,
    proposer,
    title: titleOf(description),
    description,
    ...standing,
    calls: callsOf(event).map((call) => decodeCall(client, call)),
    votes,
    quorum: await quorumOf(client, standing.snapshot, votes.for + votes.abstain),
    next: nextStep(standing),
  };
}

type Standing = Pick<GetProposalReturnType, "state" | "snapshot" | "deadline" | "eta">;

async function standingOf(
  client: Client,
  proposalId: bigint,
): Promise<Standing & Pick<GetProposalReturnType, "votes">> {
  const [state, { forVotes, againstVotes, abstainVotes }, snapshot, deadline, eta] = await Promise.all([
    read(client, "GridGovernor", "state", [proposalId]),
    read(client, "GridGovernor", "proposalVotes", [proposalId]),
    read(client, "GridGovernor", "proposalSnapshot", [proposalId]),
    read(client, "GridGovernor", "proposalDeadline", [proposalId]),
    read(client, "GridGovernor", "proposalEta", [proposalId]),
  ]);
  return {
    state: nameAt(PROPOSAL_STATES, state),
    votes: { for: forVotes, against: againstVotes, abstain: abstainVotes },
    snapshot,
    deadline,
    eta: eta === 0n ? undefined : eta,
  };
}

/** The governor tells a quorum of the past only. */
async function quorumOf(client: Client, snapshot: bigint, reached: bigint) {
  const last = (await read(client, "GridGovernor", "clock", [])) - 1n;
  const timepoint = snapshot < last ? snapshot : last;
  const [needed, circulating] = await Promise.all([
    read(client, "GridGovernor", "quorum", [timepoint]),
    read(client, "GridGovernor", "pastCirculatingSupply", [timepoint]),
  ]);
  return { needed, reached, isReached: reached >= needed, circulating };
}

function nextStep({ state, snapshot, deadline, eta }: Standing): NextStep {
  if (state === "Pending") return { action: "vote", from: snapshot + 1n, until: deadline };
  if (state === "Active") return { action: "vote", until: deadline };
  if (state === "Succeeded") return { action: "queue" };
  if (state === "Queued") return { action: "execute", from: eta };
  return { action: "none" };
}

import { type Client, checkCall } from "../client.ts";
import { read } from "../core/read.ts";
import { findProposal, type ProposalReference, type ProposalSummary, summaryOf } from "./proposals.ts";

export type GetProposalParameters = ProposalReference;
export type GetProposalReturnType = ProposalSummary & {
  /** Base units of the coin. */
  readonly votes: { readonly for: bigint; readonly against: bigint; readonly abstain: bigint };
  /** Base units of the coin. Until the snapshot is over, these are present figures. */
  readonly quorum: {
    readonly needed: bigint;
    /** Votes for, and abstentions. */
    readonly reached: bigint;
    readonly isReached: boolean;
    /** `needed` is a fraction of these coins. */
    readonly circulating: bigint;
  };
  /** Earliest execution, seconds since 1970. Undefined until the proposal is queued. */
  readonly eta: bigint | undefined;
  /** The next step and its times, seconds since 1970. Without times: now. */
  readonly next: NextStep;
};
/** A step in a proposal's life. */
export type NextStep = {
  readonly action: "vote" | "queue" | "execute" | "none";
  readonly from?: bigint;
  readonly until?: bigint;
};

/**
 * A proposal: its calls, its state and its next step.
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
  checkCall(client, reference);
  const summary = await summaryOf(client, await findProposal(client, reference));
  const { proposalId, snapshot } = summary;
  const [{ forVotes, againstVotes, abstainVotes }, time, period] = await Promise.all([
    read(client, "GridGovernor", "proposalVotes", [proposalId]),
    read(client, "GridGovernor", "proposalEta", [proposalId]),
    read(client, "GridTimelock", "GRACE", []),
  ]);
  const eta = time === 0n ? undefined : time;
  return {
    ...summary,
    votes: { for: forVotes, against: againstVotes, abstain: abstainVotes },
    quorum: await quorumOf(client, snapshot, forVotes + abstainVotes),
    eta,
    next: nextStep({ ...summary, eta }, period),
  };
}

/** The governor knows only past quorums. */
async function quorumOf(client: Client, snapshot: bigint, reached: bigint) {
  const last = (await read(client, "GridGovernor", "clock", [])) - 1n;
  const timepoint = snapshot < last ? snapshot : last;
  const [needed, circulating] = await Promise.all([
    read(client, "GridGovernor", "quorum", [timepoint]),
    read(client, "GridGovernor", "pastCirculatingSupply", [timepoint]),
  ]);
  return { needed, reached, isReached: reached >= needed, circulating };
}

/** @param period seconds to queue a passed proposal, and to execute a queued one after its delay */
function nextStep(
  { state, snapshot, deadline, eta = 0n }: Omit<GetProposalReturnType, "next" | "votes" | "quorum">,
  period: bigint,
): NextStep {
  if (state === "Pending") return { action: "vote", from: snapshot + 1n, until: deadline };
  if (state === "Active") return { action: "vote", until: deadline };
  if (state === "Succeeded") return { action: "queue", until: deadline + period };
  if (state === "Queued") return { action: "execute", from: eta, until: eta + period };
  return { action: "none" };
}

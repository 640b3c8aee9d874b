import type { GetProposalReturnType } from "../governance/getProposal.ts";
import { coins, date, duration, percent, percentNeeded } from "./words.ts";

type Action = "vote" | "queue" | "execute" | "cancel";

/** The reason against an action now, or undefined. */
export function refusal(proposal: GetProposalReturnType, action: Action, now: bigint): string | undefined {
  const { state, next } = proposal;
  if (action === "cancel") return state === "Pending" ? undefined : cannotCancel(proposal);
  const isDue = next.from === undefined || next.from <= now;
  if (next.action === action && isDue) return undefined;
  return `${standing(proposal, now)}${hint(proposal, action)}`;
}

function cannotCancel({ state }: GetProposalReturnType): string {
  return `A proposal can be canceled only before voting begins. This one is ${state.toLowerCase()}.`;
}

function hint({ state }: GetProposalReturnType, action: Action): string {
  return state === "Succeeded" && action === "execute" ? " Queue it first." : "";
}

/** A proposal's state, in a sentence. */
export function standing(proposal: GetProposalReturnType, now: bigint): string {
  const { state, next, deadline } = proposal;
  switch (state) {
    case "Pending":
      return `Voting begins in ${duration((next.from ?? now) - now)}.`;
    case "Active":
      return `Voting ends in ${duration(deadline + 1n - now)}.`;
    case "Succeeded":
      return "The proposal passed but is not queued yet.";
    case "Queued":
      return queued(next.from ?? now, now);
    case "Defeated":
      return `The proposal was defeated${defeat(proposal)}.`;
    case "Expired":
      return "The proposal expired.";
    default:
      return `The proposal was ${state.toLowerCase()}.`;
  }
}

function queued(eta: bigint, now: bigint): string {
  if (eta <= now) return "The proposal is queued and can be executed.";
  return `The proposal is queued: it can be executed in ${duration(eta - now)}, from ${date(eta)} on.`;
}

/** A majority against says more than a missing quorum: votes against do not count for the quorum. */
function defeat({ quorum, votes }: GetProposalReturnType): string {
  const cast = votes.for + votes.against;
  if (cast === 0n || votes.for > votes.against) return `: ${quorumText(quorum)}`;
  return `, ${percent(votes.against, cast)} % against: ${coins(votes.for)} for, ${coins(votes.against)} against`;
}

export function quorumText({
  isReached,
  reached,
  needed,
  circulating,
}: GetProposalReturnType["quorum"]): string {
  const parts = `${percent(reached, circulating)} of ${percentNeeded(needed, circulating)} %`;
  return `quorum ${isReached ? "" : "not "}reached: ${parts} (${coins(reached)} of ${coins(needed)})`;
}

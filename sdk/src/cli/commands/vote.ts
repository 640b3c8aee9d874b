import type { Vote } from "../../governance/castVote.ts";
import { castVote } from "../../governance/castVote.ts";
import { getBallot } from "../../governance/getBallot.ts";
import type { GetProposalReturnType } from "../../governance/getProposal.ts";
import { argument, type Command, type Context, send } from "../context.ts";
import { CommandError } from "../errors.ts";
import { findProposalBy } from "../find.ts";
import { text } from "../options.ts";
import { refusal } from "../steps.ts";
import { coins } from "../words.ts";

export const vote: Command = {
  usage: "ID for|against|abstain",
  about: "votes on a proposal, once and finally",
  takes: 2,
  options: { reason: { value: "TEXT", about: "a public reason" } },
  writes: true,
  async run(context) {
    const choice = argument(context, 1, "for, against or abstain");
    const proposal = await findProposalBy(context.client, argument(context, 0, "ID"), context.search);
    const { proposalId } = proposal;
    const problem = refusal(proposal, "vote", context.now) ?? (await ballotProblem(context, proposal));
    if (problem) throw new CommandError(problem);
    const reason = text(context.values, "reason");
    const result = await send(context, castVote, {
      proposalId,
      vote: choice as Vote, // Checked by the action.
      ...(reason !== undefined && { reason }),
    });
    if ("unsigned" in result) return result;
    context.say(`Voted ${choice} with ${coins(result.sent.votes)}: ${proposal.title}`);
    return { proposalId, vote: choice, ...result.sent };
  },
};

/** The reason this account's vote would have no effect, or undefined. */
async function ballotProblem(
  { client, account }: Context,
  { proposalId }: GetProposalReturnType,
): Promise<string | undefined> {
  if (!account) return undefined;
  const { votes, hasVoted } = await getBallot(client, { proposalId, account });
  if (hasVoted) return `${account} has already voted.`;
  if (votes !== 0n) return undefined;
  return `You are ${account} and had 0 votes at the snapshot. Delegate before a proposal's snapshot.`;
}

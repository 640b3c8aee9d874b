import { getBallot } from "../../governance/getBallot.ts";
import { getGovernance } from "../../governance/getGovernance.ts";
import { getVotes } from "../../governance/getVotes.ts";
import type { Command, Context } from "../context.ts";
import { notStarted } from "../explain.ts";
import { findOperationBy, findProposalBy, isOperationId } from "../find.ts";
import { operationText, proposalText } from "../show.ts";
import { coins, date, duration } from "../words.ts";

export const status: Command = {
  usage: "[ID]",
  about: "shows a proposal and its next step; without ID, who decides and by which rules",
  takes: 1,
  options: {},
  writes: false,
  async run(context) {
    const [id] = context.positionals;
    if (id === undefined) return await ofGovernance(context);
    return isOperationId(id) ? await ofOperation(context, id) : await ofProposal(context, id);
  },
};

async function ofProposal({ client, account, search, now, say }: Context, id: string): Promise<object> {
  const proposal = await findProposalBy(client, id, search);
  say(...(await proposalText(client, proposal, now)));
  if (!account) return proposal;
  const ballot = await getBallot(client, { proposalId: proposal.proposalId, account });
  if (ballot.votes !== undefined) {
    say("", `You have votes of ${coins(ballot.votes)}${ballot.hasVoted ? " and have voted" : ""}.`);
  }
  return { ...proposal, ballot };
}

async function ofOperation({ client, search, now, say }: Context, id: string): Promise<object> {
  const operation = await findOperationBy(client, id, search);
  say(...(await operationText(client, operation, now)));
  return operation;
}

async function ofGovernance({ client, account, now, say }: Context): Promise<object> {
  const governance = await getGovernance(client);
  const { votesStarted, circulating, neededToStart, quorum, threshold } = governance;
  say(
    votesStarted ? "Votes have started." : notStarted(circulating, neededToStart),
    `Circulating  ${coins(circulating)}`,
    `Quorum now   ${coins(quorum)}`,
    `To propose   ${coins(threshold)}`,
    `Voting       begins ${duration(governance.votingDelay)} after a proposal and takes ${duration(governance.votingPeriod)}`,
    `Timelock     ${duration(governance.timelockDelay)}`,
    `Council      ${governance.council}, ${now < governance.councilEnds ? "until" : "ended"} ${date(governance.councilEnds)}`,
  );
  if (!account) return governance;
  const votes = await getVotes(client, { account });
  say(
    "",
    `You, ${account}`,
    `Balance      ${coins(votes.balance)}, delegated to ${votes.delegate ?? "nobody"}`,
  );
  say(`Votes        ${coins(votes.votes)}, ${votes.percent} % of the circulating coins`);
  return { ...governance, votes };
}

import { queueProposal } from "../../governance/queueProposal.ts";
import { argument, type Command, send } from "../context.ts";
import { CommandError } from "../errors.ts";
import { findProposalBy } from "../find.ts";
import { refusal } from "../steps.ts";
import { date } from "../words.ts";

export const queue: Command = {
  usage: "ID",
  about: "queues a passed proposal at the timelock (anyone may)",
  takes: 1,
  options: {},
  writes: true,
  async run(context) {
    const { client, search, now } = context;
    const proposal = await findProposalBy(client, argument(context, 0, "ID"), search);
    const problem = refusal(proposal, "queue", now);
    if (problem) throw new CommandError(problem);
    const { proposalId, title } = proposal;
    const result = await send(context, queueProposal, { proposalId, ...search });
    if ("unsigned" in result) return result;
    context.say(`Queued. Can be executed from ${date(result.sent.eta)} on: ${title}`);
    return { proposalId, ...result.sent };
  },
};

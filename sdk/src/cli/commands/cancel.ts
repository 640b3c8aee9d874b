import { cancelProposal } from "../../governance/cancelProposal.ts";
import { argument, type Command, send } from "../context.ts";
import { DaoError } from "../errors.ts";
import { findProposalBy } from "../find.ts";
import { refusal } from "../steps.ts";

export const cancel: Command = {
  usage: "ID",
  about: "takes your own proposal back, before voting begins",
  options: {},
  writes: true,
  async run(context) {
    const { client, search, now, account } = context;
    const proposal = await findProposalBy(client, argument(context, 0, "ID"), search);
    const { proposalId, proposer, title } = proposal;
    const problem = refusal(proposal, "cancel", now);
    if (problem) throw new DaoError(problem);
    if (account && account !== proposer) {
      throw new DaoError(`Only its proposer ${proposer} can cancel a proposal; you are ${account}.`);
    }
    const result = await send(context, cancelProposal, { proposalId, ...search });
    if ("unsigned" in result) return result;
    context.say(`Canceled: ${title}`);
    return { proposalId, ...result.sent };
  },
};

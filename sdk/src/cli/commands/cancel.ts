import { cancelOperation } from "../../governance/cancelOperation.ts";
import { cancelProposal } from "../../governance/cancelProposal.ts";
import { argument, type Command, type Context, send } from "../context.ts";
import { CommandError } from "../errors.ts";
import { findOperationBy, findProposalBy, isOperationId } from "../find.ts";
import { operationStanding } from "../show.ts";
import { refusal } from "../steps.ts";

export const cancel: Command = {
  usage: "ID",
  about: "cancels your own proposal before voting begins, or as the council, calls before their execution",
  takes: 1,
  options: {},
  writes: true,
  async run(context) {
    const id = argument(context, 0, "ID");
    return isOperationId(id) ? await cancelCalls(context, id) : await cancelOwn(context, id);
  },
};

async function cancelOwn(context: Context, id: string): Promise<object> {
  const { client, search, now, account } = context;
  const proposal = await findProposalBy(client, id, search);
  const { proposalId, proposer, title } = proposal;
  const problem = refusal(proposal, "cancel", now);
  if (problem) throw new CommandError(problem);
  if (account && account !== proposer) {
    throw new CommandError(`Only its proposer ${proposer} can cancel a proposal. You are ${account}.`);
  }
  const result = await send(context, cancelProposal, { proposalId, ...search });
  if ("unsigned" in result) return result;
  context.say(`Canceled: ${title}`);
  return { proposalId, ...result.sent };
}

async function cancelCalls(context: Context, id: string): Promise<object> {
  const { client, search, now } = context;
  const operation = await findOperationBy(client, id, search);
  const { operationId, state } = operation;
  if (state === "Executed" || state === "Canceled") throw new CommandError(operationStanding(operation, now));
  const result = await send(context, cancelOperation, { operationId });
  if ("unsigned" in result) return result;
  context.say("Canceled.");
  return { operationId, ...result.sent };
}

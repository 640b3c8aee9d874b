import { executeCouncilCalls } from "../../governance/executeCouncilCalls.ts";
import { executeProposal } from "../../governance/executeProposal.ts";
import type { ProposalState } from "../../governance/proposals.ts";
import { argument, type Command, type Context, send } from "../context.ts";
import { dryRun, failureText } from "../dry-run.ts";
import { CommandError } from "../errors.ts";
import { findOperationBy, findProposalBy, isOperationId } from "../find.ts";
import { operationStanding } from "../show.ts";
import { refusal, standing } from "../steps.ts";

export const execute: Command = {
  usage: "ID",
  about: "executes a queued proposal, or the council's calls, through the timelock (anyone may)",
  takes: 1,
  options: { "dry-run": { about: "stops after trying the calls" } },
  writes: true,
  async run(context) {
    const id = argument(context, 0, "ID");
    return isOperationId(id) ? await executeOperation(context, id) : await executeVoted(context, id);
  },
};

/** States before execution. */
const MAY_COME: readonly ProposalState[] = ["Pending", "Active", "Succeeded", "Queued"];

async function executeVoted(context: Context, id: string): Promise<object> {
  const { client, search, now, values } = context;
  const proposal = await findProposalBy(client, id, search);
  const { proposalId, title, calls, state } = proposal;
  const problem = refusal(proposal, "execute", now);
  if (problem && !(values["dry-run"] && MAY_COME.includes(state))) throw new CommandError(problem);
  if (values["dry-run"]) context.say(standing(proposal, now), "");
  const trial = await dryRun(context, calls);
  if (values["dry-run"]) return stopAfter(context, trial);
  const result = await send(context, executeProposal, { proposalId, ...search });
  if ("unsigned" in result) return result;
  context.say(`Executed: ${title}`);
  return { proposalId, ...result.sent };
}

async function executeOperation(context: Context, id: string): Promise<object> {
  const { client, search, now, values } = context;
  const operation = await findOperationBy(client, id, search);
  const { operationId, calls, state } = operation;
  if (state !== "Ready" && !(values["dry-run"] && state === "Waiting"))
    throw new CommandError(operationStanding(operation, now));
  if (values["dry-run"]) context.say(operationStanding(operation, now), "");
  const trial = await dryRun(context, calls);
  if (values["dry-run"]) return stopAfter(context, trial);
  const result = await send(context, executeCouncilCalls, { operationId, ...search });
  if ("unsigned" in result) return result;
  context.say("Executed.");
  return { operationId, ...result.sent };
}

function stopAfter(context: Context, trial: Awaited<ReturnType<typeof dryRun>>): object {
  if (!trial.ok) throw new CommandError(failureText(context, trial));
  return { dryRun: trial };
}

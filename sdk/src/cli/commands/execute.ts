import { executeCouncilCalls } from "../../governance/executeCouncilCalls.ts";
import { executeProposal } from "../../governance/executeProposal.ts";
import { argument, type Command, type Context, send } from "../context.ts";
import { dryRun, failureText } from "../dry-run.ts";
import { DaoError } from "../errors.ts";
import { findOperationBy, findProposalBy, isOperationId } from "../find.ts";
import { operationStanding } from "../show.ts";
import { refusal } from "../steps.ts";

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

async function executeVoted(context: Context, id: string): Promise<object> {
  const { client, search, now, values } = context;
  const { proposalId, title, calls, ...proposal } = await findProposalBy(client, id, search);
  const trial = await dryRun(context, calls);
  if (values["dry-run"]) return stopAfter(trial);
  const problem = refusal({ proposalId, title, calls, ...proposal }, "execute", now);
  if (problem) throw new DaoError(problem);
  const result = await send(context, executeProposal, { proposalId, ...search });
  if ("unsigned" in result) return result;
  context.say(`Executed: ${title}`);
  return { proposalId, ...result.sent };
}

async function executeOperation(context: Context, id: string): Promise<object> {
  const { client, search, now, values } = context;
  const operation = await findOperationBy(client, id, search);
  const { operationId, calls, state } = operation;
  const trial = await dryRun(context, calls);
  if (values["dry-run"]) return stopAfter(trial);
  if (state !== "Ready") throw new DaoError(operationStanding(operation, now));
  const result = await send(context, executeCouncilCalls, { operationId, ...search });
  if ("unsigned" in result) return result;
  context.say("Executed.");
  return { operationId, ...result.sent };
}

function stopAfter(trial: Awaited<ReturnType<typeof dryRun>>): object {
  if (!trial.ok) throw new DaoError(failureText(trial));
  return { dryRun: trial };
}

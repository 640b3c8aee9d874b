import { dataSlice, VoidSigner } from "ethers";
import type { Hex } from "../../core/abi.ts";
import { read } from "../../core/read.ts";
import type { ReadyCall } from "../../governance/calls.ts";
import { proposeAsCouncil } from "../../governance/proposeAsCouncil.ts";
import { proposeCalls } from "../../governance/proposeCalls.ts";
import { argument, type Command, type Context, send } from "../context.ts";
import { dryRun, failureText } from "../dry-run.ts";
import { CommandError } from "../errors.ts";
import { text } from "../options.ts";
import { checkOptions, READY, READY_OPTIONS } from "../ready.ts";
import { date } from "../words.ts";

export const propose: Command = {
  usage: "KIND OPTIONS [--and KIND OPTIONS]...",
  about: "proposes calls of one kind, or of several kinds joined by --and",
  takes: 1,
  joins: true,
  options: {
    title: { value: "TEXT", about: "title for voters; default: a summary of the calls" },
    description: { value: "TEXT", about: "further text for voters" },
    "as-council": {
      about: "proposes as the guardian's council: emergency calls only, once votes have started",
    },
    "dry-run": { about: "stops after trying the calls" },
    force: { about: "proposes even if a call fails now, for calls that succeed later" },
    ...READY_OPTIONS,
  },
  notes: `Kinds:\n${Object.entries(READY)
    .map(([name, { usage, about }]) => `  ${name} ${usage}\n      ${about}`)
    .join("\n")}`,
  writes: true,
  async run(context) {
    const calls = await readyCalls(context);
    context.say(...calls.map(({ summary }) => `${summary}.`), "");
    if (context.values["as-council"]) await checkCouncil(context, calls);
    else if (!context.values["dry-run"] && !context.values.unsigned) await checkProposer(context, calls);
    const trial = await dryRun(context, calls);
    if (!trial.ok && !context.values.force) {
      throw new CommandError(
        `${failureText(context, trial)} Nothing was sent. To propose anyway, pass --force.`,
      );
    }
    if (context.values["dry-run"]) return { dryRun: trial };
    return context.values["as-council"]
      ? await sendAsCouncil(context, calls)
      : await sendToVoters(context, calls);
  },
};

async function readyCalls({ client, segments }: Context): Promise<ReadyCall[]> {
  const calls = [];
  for (const segment of segments) {
    const kind = argument(segment, 0, `KIND, one of ${Object.keys(READY).join(", ")},`);
    const ready = Object.hasOwn(READY, kind) ? READY[kind] : undefined;
    if (!ready)
      throw new CommandError(`There is no kind ${kind}. There are ${Object.keys(READY).join(", ")}.`);
    checkOptions(kind, ready, segment.values);
    calls.push(await ready.build(client, segment.values));
  }
  return calls;
}

/** Tries the proposal as the council, before its calls: other calls than permitted ones need no dry run. */
async function checkCouncil({ client, account }: Context, calls: readonly ReadyCall[]): Promise<void> {
  const council = account ?? (await read(client, "Guardian", "council", []));
  const runner = new VoidSigner(council, client.provider);
  await proposeAsCouncil.simulate({ ...client, runner }, { calls });
}

/** Whether votes have started, and the proposer has enough of them. */
async function checkProposer(context: Context, calls: readonly ReadyCall[]): Promise<void> {
  const parameters = { calls, description: descriptionOf(context, calls) };
  await proposeCalls.simulate(context.client, parameters);
}

async function sendToVoters(context: Context, calls: readonly ReadyCall[]): Promise<object> {
  const parameters = { calls, description: descriptionOf(context, calls) };
  const proposalId = proposeCalls.idOf(parameters);
  const result = await send(context, proposeCalls, parameters);
  if ("unsigned" in result) return { proposalId, ...result };
  const { snapshot, deadline } = result.sent;
  context.say(
    `Proposal ${proposalId}`,
    `Voting begins after ${date(snapshot)} and ends ${date(deadline)}. Delegate before voting begins.`,
  );
  return result.sent;
}

/**
 * Ends with the proposer's name. Otherwise anyone could copy the waiting transaction, propose first, and then
 * cancel.
 */
function descriptionOf({ values, account }: Context, calls: readonly ReadyCall[]): string {
  if (!account) throw new CommandError("The proposer is unknown. Pass --from ADDRESS.");
  const title = text(values, "title") ?? calls.map(({ summary }) => summary).join("; ");
  const parts = [`# ${title}`, text(values, "description"), `#proposer=${account}`];
  return parts.filter((part) => part !== undefined && part !== "").join("\n\n");
}

async function sendAsCouncil(context: Context, calls: readonly ReadyCall[]): Promise<object> {
  const result = await send(context, proposeAsCouncil, { calls });
  if ("unsigned" in result) return result;
  const { operationId, lapsesAt } = result.sent;
  const eta = await read(context.client, "GridTimelock", "getTimestamp", [operationId]);
  const until = (await areEmergency(context, calls)) ? "" : ", unless votes start earlier";
  context.say(
    `Operation ${operationId}`,
    `Anyone can execute it from ${date(eta)} to ${date(lapsesAt)}${until}.`,
  );
  return result.sent;
}

/** Whether the operation outlives the start of votes. */
async function areEmergency({ client }: Context, calls: readonly ReadyCall[]): Promise<boolean> {
  const each = calls.map(({ target, data }) =>
    read(client, "Guardian", "isEmergency", [target, dataSlice(data, 0, 4) as Hex]),
  );
  return (await Promise.all(each)).every(Boolean);
}

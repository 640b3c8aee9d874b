import type { Client } from "../client.ts";
import type { GetProposalReturnType } from "../governance/getProposal.ts";
import type { CouncilOperation } from "./find.ts";
import { quorumText, standing } from "./steps.ts";
import { tokensOf } from "./tokens.ts";
import { callsText, coins, date, duration, namesOf, short } from "./words.ts";

/** A proposal as text. */
export async function proposalText(
  client: Client,
  proposal: GetProposalReturnType,
  now: bigint,
): Promise<string[]> {
  const { proposalId, title, proposer, state, votes, quorum, snapshot, deadline, calls } = proposal;
  return [
    `Proposal ${proposalId}`,
    title,
    "",
    `State     ${state}. ${standing(proposal, now)}`,
    `Proposer  ${proposer}`,
    `For       ${coins(votes.for)}`,
    `Against   ${coins(votes.against)}`,
    `Abstain   ${coins(votes.abstain)}`,
    `Quorum    ${quorumText(quorum).replace("quorum ", "")}`,
    `Snapshot  ${date(snapshot)}`,
    `Deadline  ${date(deadline)}`,
    "",
    ...callsText(calls, { names: namesOf(client), tokens: await tokensOf(client, calls) }),
    ...bodyText(proposal),
    ...nextText(proposal),
  ];
}

/** Marks each line, so none looks like the command's own output. */
function bodyText({ description }: GetProposalReturnType): string[] {
  const body = description.trim().split("\n").slice(1).join("\n").trim();
  return body === "" ? [] : ["", ...body.split("\n").map((line) => `> ${line}`)];
}

function nextText({ proposalId, next }: GetProposalReturnType): string[] {
  if (next.action === "none") return [];
  const choice = next.action === "vote" ? " for|against|abstain" : "";
  const from = next.from === undefined ? "" : `, from ${date(next.from)} on`;
  return ["", `Next: ${next.action} ${short(proposalId)}${choice}${from}`];
}

/** A council's operation as text. */
export async function operationText(
  client: Client,
  operation: CouncilOperation,
  now: bigint,
): Promise<string[]> {
  const { calls } = operation;
  return [
    `Operation ${operation.operationId}`,
    "Proposed by the guardian's council",
    "",
    `State     ${operation.state}. ${operationStanding(operation, now)}`,
    `Lapses    ${date(operation.lapsesAt)}`,
    "",
    ...callsText(calls, { names: namesOf(client), tokens: await tokensOf(client, calls) }),
  ];
}

export function operationStanding({ state, eta = 0n, lapsesAt }: CouncilOperation, now: bigint): string {
  switch (state) {
    case "Waiting":
      return `It can be executed in ${duration(eta > now ? eta - now : 0n)}.`;
    case "Ready":
      return `It can be executed for ${duration(lapsesAt - now)}.`;
    case "Lapsed":
      return "Its time is over, the council's term has ended, or votes have started and it has other calls than emergency calls.";
    default:
      return `It was ${state.toLowerCase()}.`;
  }
}

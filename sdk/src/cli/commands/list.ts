import { listCouncilCalls } from "../../governance/listCouncilCalls.ts";
import { type ListProposalsReturnType, listProposals } from "../../governance/listProposals.ts";
import type { Command } from "../context.ts";
import { date, headOf, short } from "../words.ts";

export const list: Command = {
  usage: "",
  about: "lists all proposals, and the calls of the guardian's council",
  takes: 0,
  options: {},
  writes: false,
  async run({ client, search, now, say }) {
    const proposals = await listProposals(client, search);
    const operations = await listCouncilCalls(client, search);
    if (proposals.length === 0) say("No proposals yet.");
    for (const proposal of proposals) {
      const { proposalId, state, title } = proposal;
      say(`${short(proposalId)}  ${state.padEnd(9)}  ${votingText(proposal, now).padEnd(33)}  ${title}`);
    }
    if (operations.length > 0) say("", "The guardian's council:");
    for (const { operationId, state, calls } of operations) {
      say(`${short(operationId)}  ${state.padEnd(9)}  ${calls.map(headOf).join(", ")}`);
    }
    return { proposals, operations };
  },
};

/** A canceled proposal's voting may never end. */
function votingText({ state, deadline }: ListProposalsReturnType[number], now: bigint): string {
  if (deadline < now) return `voting ended ${date(deadline)}`;
  return state === "Canceled" ? "" : `voting until ${date(deadline)}`;
}

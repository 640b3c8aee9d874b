import { listCouncilCalls } from "../../governance/listCouncilCalls.ts";
import { listProposals } from "../../governance/listProposals.ts";
import type { Command } from "../context.ts";
import { date, headOf, short } from "../words.ts";

export const list: Command = {
  usage: "",
  about: "lists all proposals, and the calls of the guardian's council",
  takes: 0,
  options: {},
  writes: false,
  async run({ client, search, say }) {
    const proposals = await listProposals(client, search);
    const operations = await listCouncilCalls(client, search);
    if (proposals.length === 0) say("No proposals yet.");
    for (const { proposalId, state, title, deadline } of proposals) {
      say(`${short(proposalId)}  ${state.padEnd(9)}  voting until ${date(deadline)}  ${title}`);
    }
    if (operations.length > 0) say("", "The guardian's council:");
    for (const { operationId, state, calls } of operations) {
      say(`${short(operationId)}  ${state.padEnd(9)}  ${calls.map(headOf).join(", ")}`);
    }
    return { proposals, operations };
  },
};

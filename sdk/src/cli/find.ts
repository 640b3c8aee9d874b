import type { Client } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { pastEvents, type SearchRange } from "../core/logs.ts";
import { type GetProposalReturnType, getProposal } from "../governance/getProposal.ts";
import { type ListCouncilCallsReturnType, listCouncilCalls } from "../governance/listCouncilCalls.ts";
import { CommandError } from "./errors.ts";
import { short } from "./words.ts";

/** Council operations have hex ids, proposals decimal ids. */
export function isOperationId(text: string): boolean {
  return text.startsWith("0x");
}

/** The proposal whose id begins with these digits. */
export async function findProposalBy(
  client: Client,
  prefix: string,
  search: SearchRange,
): Promise<GetProposalReturnType> {
  if (!/^\d+$/.test(prefix)) throw new CommandError(`A proposal's id is a number, but got "${prefix}".`);
  const ids: bigint[] = [];
  for await (const { proposalId } of pastEvents(client, "GridGovernor", "ProposalCreated", search)) {
    ids.push(proposalId);
  }
  const proposalId = only(
    ids.filter((id) => `${id}`.startsWith(prefix)),
    "proposal",
    prefix,
  );
  return await getProposal(client, { proposalId, ...search });
}

export type CouncilOperation = ListCouncilCallsReturnType[number];

/** The council's operation whose id begins with these digits. */
export async function findOperationBy(
  client: Client,
  prefix: string,
  search: SearchRange,
): Promise<CouncilOperation> {
  const operations = await listCouncilCalls(client, search);
  const found = operations.filter(({ operationId }) => operationId.startsWith(prefix.toLowerCase()));
  const id = only(
    [...new Set(found.map(({ operationId }) => operationId))],
    "operation of the council",
    prefix,
  );
  return found.find(({ operationId }) => operationId === id) as CouncilOperation;
}

/** A vote is final, and one or two digits could match the wrong proposal. */
const MIN_DIGITS = 6;

function only<T extends bigint | Hex>(ids: readonly T[], what: string, prefix: string): T {
  const [id, other] = ids;
  if (id === undefined)
    throw new CommandError(`No ${what} has an id starting with ${prefix}. Run list to see all.`);
  const list = ids.map((one) => `${short(one)}…`).join(", ");
  if (other !== undefined)
    throw new CommandError(`${ids.length} ids start with ${prefix}: ${list}. Write more digits.`);
  if (prefix.replace("0x", "").length < MIN_DIGITS)
    throw new CommandError(
      `${prefix} is too short for an id: write at least ${MIN_DIGITS} digits, as in ${list}`,
    );
  return id;
}

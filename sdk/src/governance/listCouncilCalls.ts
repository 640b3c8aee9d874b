import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { inParts } from "../core/lists.ts";
import { pastEvents, type SearchRange } from "../core/logs.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";
import { ContractRevertError } from "../errors.ts";
import { type DecodedCall, decodeCall } from "./calls.ts";
import { type CallsProposed, OPERATION_STATES, operationOf } from "./operations.ts";

export type ListCouncilCallsParameters = SearchRange;
/** Newest first. */
export type ListCouncilCallsReturnType = readonly {
  /** The calls' id at the timelock. */
  readonly operationId: Hex;
  /** Lapsed: its time is over, the council's term has ended, or votes have started, unless all are emergency calls. */
  readonly state: "Waiting" | "Ready" | "Executed" | "Canceled" | "Lapsed";
  /** The timelock's calls, after the guardian's own check. */
  readonly calls: readonly DecodedCall[];
  /** Earliest execution, seconds since 1970. Undefined after execution or cancellation. */
  readonly eta: bigint | undefined;
  /** Last second for execution. */
  readonly lapsesAt: bigint;
}[];

/**
 * All calls the council ever proposed, from the guardian's events since the deployment.
 *
 * @throws {@link InvalidParameterError} for a malformed range of blocks
 * @example
 * ```ts
 * const operations = await listCouncilCalls(client);
 * ```
 */
export async function listCouncilCalls(
  client: Client,
  search: ListCouncilCallsParameters = {},
): Promise<ListCouncilCallsReturnType> {
  checkCall(client, search);
  const events = [];
  for await (const event of pastEvents(client, "Guardian", "CallsProposed", search)) events.push(event);
  return await inParts(events, (event) => describe(client, event));
}

async function describe(client: Client, event: CallsProposed) {
  const { operationId, lapsesAt } = event;
  const { calls } = await operationOf(client, event);
  const [check, ...proposed] = calls.map((call) => decodeCall(client, call));
  const [state, timestamp] = await Promise.all([
    stateOf(client, event, check?.function === "checkEmergency" ? "checkEmergency" : "checkCurrent"),
    read(client, "GridTimelock", "getTimestamp", [operationId]),
  ]);
  const eta = timestamp > 1n ? timestamp : undefined; // The timelock stores 1 for done operations.
  return { operationId, state, calls: proposed, eta, lapsesAt };
}

/** The guardian's own check at the start of an operation. */
type Check = "checkCurrent" | "checkEmergency";

async function stateOf(client: Client, { operationId, lapsesAt }: CallsProposed, check: Check) {
  const number = await read(client, "GridTimelock", "getOperationState", [operationId]);
  const state = nameAt(OPERATION_STATES, number);
  if (state === "Done") return "Executed";
  if (state === "Unset") return "Canceled";
  if (lapsesAt < (await read(client, "GridGovernor", "clock", []))) return "Lapsed";
  return (await isCurrent(client, check, lapsesAt)) ? state : "Lapsed";
}

async function isCurrent(client: Client, check: Check, lapsesAt: bigint): Promise<boolean> {
  try {
    await read(client, "Guardian", check, [lapsesAt]);
    return true;
  } catch (error) {
    if (error instanceof ContractRevertError) return false;
    throw error;
  }
}

import type { Client } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { type BlockRange, pastEvents } from "../core/logs.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";
import { ContractRevertError } from "../errors.ts";
import { type DecodedCall, decodeCall } from "./calls.ts";
import { type CallsProposed, OPERATION_STATES, operationOf } from "./operations.ts";

export type ListCouncilCallsParameters = BlockRange;
/** The newest first. */
export type ListCouncilCallsReturnType = readonly {
  /** What the timelock knows them by. */
  readonly operationId: Hex;
  /** Lapsed: its time is over, votes have started, or the council's term has ended. */
  readonly state: "Waiting" | "Ready" | "Executed" | "Canceled" | "Lapsed";
  /** What the timelock is to do, after asking the guardian whether it still may. */
  readonly calls: readonly DecodedCall[];
  /** From when on they can be executed, seconds since 1970; undefined once they are executed or canceled. */
  readonly eta: bigint | undefined;
  /** Last second in which they can be. */
  readonly lapsesAt: bigint;
}[];

/**
 * All calls that the council ever proposed, from the guardian's events since the deployment.
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
  const operations = [];
  for await (const event of pastEvents(client, "Guardian", "CallsProposed", search)) {
    operations.push(await describe(client, event));
  }
  return operations;
}

async function describe(client: Client, event: CallsProposed) {
  const { operationId, lapsesAt } = event;
  const [{ calls }, state, timestamp] = await Promise.all([
    operationOf(client, event),
    stateOf(client, event),
    read(client, "TimelockController", "getTimestamp", [operationId]),
  ]);
  const [, ...proposed] = calls.map((call) => decodeCall(client, call));
  const eta = timestamp > 1n ? timestamp : undefined; // The timelock writes 1 for what is done.
  return { operationId, state, calls: proposed, eta, lapsesAt };
}

async function stateOf(client: Client, { operationId, lapsesAt }: CallsProposed) {
  const number = await read(client, "TimelockController", "getOperationState", [operationId]);
  const state = nameAt(OPERATION_STATES, number);
  if (state === "Done") return "Executed";
  if (state === "Unset") return "Canceled";
  return (await isCurrent(client, lapsesAt)) ? state : "Lapsed";
}

async function isCurrent(client: Client, lapsesAt: bigint): Promise<boolean> {
  try {
    await read(client, "Guardian", "checkCurrent", [lapsesAt]);
    return true;
  } catch (error) {
    if (error instanceof ContractRevertError) return false;
    throw error;
  }
}

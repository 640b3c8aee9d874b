import { ZeroHash } from "ethers";
import type { Client } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkHex } from "../core/check.ts";
import { logsBetween, type Past, pastEvents, type SearchRange } from "../core/logs.ts";
import { OperationNotFoundError } from "../errors.ts";
import type { FullCall } from "./calls.ts";

/** Where an operation stands at the timelock. The chain numbers states in this order. */
export const OPERATION_STATES = ["Unset", "Waiting", "Ready", "Done"] as const;

/** The council's operation, and how to search for its calls: the chain has them only in events. */
export type OperationReference = SearchRange & { readonly operationId: Hex };

export type CallsProposed = Past<"Guardian", "CallsProposed">;

/** A council's operation at the timelock. */
export type Operation = { readonly calls: readonly FullCall[]; readonly salt: Hex };

/** Reads the timelock's events in the block of the council's proposal. The guardian's own check comes first. */
export async function operationOf(client: Client, proposed: CallsProposed): Promise<Operation> {
  const { operationId, blockNumber } = proposed;
  const names = ["CallScheduled", "CallSalt"] as const;
  const logs = await logsBetween(client, "GridTimelock", names, blockNumber, blockNumber, [operationId]);
  const scheduled = logs.flatMap(({ name, args }) => (name === "CallScheduled" ? [args] : []));
  const salts = logs.flatMap(({ name, args }) => (name === "CallSalt" ? [args] : []));
  // Takes each call once, even if it was canceled and proposed again in one block.
  const once = scheduled.filter(({ index }, i) => index === BigInt(i));
  const calls = once.map(({ target, value, data }) => ({ target, value, data }));
  return { calls, salt: salts[0]?.salt ?? (ZeroHash as Hex) };
}

/** The council's last proposal of an operation. */
export async function findOperation(
  client: Client,
  { operationId, ...search }: OperationReference,
): Promise<Operation> {
  const id = checkHex("operationId", operationId, 32).toLowerCase();
  for await (const event of pastEvents(client, "Guardian", "CallsProposed", search)) {
    if (event.operationId === id) return await operationOf(client, event);
  }
  throw new OperationNotFoundError(operationId);
}

import { Interface, makeError } from "ethers";
import type { Client } from "../client.ts";
import type { Address, Hex } from "./abi.ts";
import { chunks } from "./lists.ts";

/** Multicall3, the same on every chain that has it. */
export const MULTICALL3: Address = "0xcA11bde05977b3631167028862bE2a173976CA11";

const multicall = new Interface([
  "function aggregate3(tuple(address target, bool allowFailure, bytes callData)[] calls) payable returns (tuple(bool success, bytes returnData)[] returnData)",
]);

/** More would risk the node's limit of gas for a call. */
const MAX_CALLS = 100;

type Call = {
  readonly to: Address;
  readonly data: string;
  readonly blockTag: number | "latest";
  readonly resolve: (data: string) => void;
  readonly reject: (error: unknown) => void;
};

/** Calls of the same moment, by client. */
const queues = new WeakMap<Client, Call[]>();
const deployed = new WeakMap<Client, Promise<boolean>>();

/**
 * Calls a contract. Calls of the same moment share one request if the chain has Multicall3. Each fails for itself, as
 * if it was called alone.
 */
export function callTogether(
  client: Client,
  { to, data, blockTag }: Pick<Call, "to" | "data" | "blockTag">,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const queue = queues.get(client) ?? [];
    if (queue.length === 0) {
      queues.set(client, queue);
      queueMicrotask(() => flush(client));
    }
    queue.push({ to, data, blockTag, resolve, reject });
  });
}

function flush(client: Client): void {
  const calls = queues.get(client) ?? [];
  queues.delete(client);
  for (const block of new Set(calls.map(({ blockTag }) => blockTag))) {
    const same = calls.filter(({ blockTag }) => blockTag === block);
    for (const part of chunks(same, MAX_CALLS)) void callAll(client, part);
  }
}

async function callAll(client: Client, calls: readonly Call[]): Promise<void> {
  const results = calls.length > 1 ? await aggregate(client, calls) : undefined;
  for (const [i, call] of calls.entries()) {
    const result = results?.[i];
    if (result?.success) call.resolve(result.returnData);
    // Without data, the batch may have run out of gas.
    else if (result && result.returnData !== "0x") call.reject(revertedWith(call, result.returnData));
    else
      client.provider
        .call({ to: call.to, data: call.data, blockTag: call.blockTag })
        .then(call.resolve, call.reject);
  }
}

type Result = { readonly success: boolean; readonly returnData: Hex };

/** Undefined if the chain has no Multicall3, or on any error: the caller then tries the calls one by one. */
async function aggregate(client: Client, calls: readonly Call[]): Promise<readonly Result[] | undefined> {
  try {
    if (!(await hasMulticall(client))) return undefined;
    const list = calls.map(({ to, data }) => ({ target: to, allowFailure: true, callData: data }));
    const data = multicall.encodeFunctionData("aggregate3", [list]);
    const answer = await client.provider.call({
      to: MULTICALL3,
      data,
      blockTag: calls[0]?.blockTag ?? "latest",
    });
    const results = [...(multicall.decodeFunctionResult("aggregate3", answer)[0] as readonly Result[])];
    return results.length === calls.length ? results : undefined;
  } catch {
    return undefined;
  }
}

function hasMulticall(client: Client): Promise<boolean> {
  const known = deployed.get(client);
  if (known) return known;
  const asked = client.provider.getCode(MULTICALL3).then((code) => code !== "0x");
  deployed.set(client, asked);
  // Another attempt may succeed.
  asked.catch(() => deployed.delete(client));
  return asked;
}

/** The error of ethers for such a call. */
function revertedWith({ to, data }: Call, returned: Hex): Error {
  return makeError("execution reverted", "CALL_EXCEPTION", {
    action: "call",
    data: returned,
    reason: null,
    transaction: { to, data },
    invocation: null,
    revert: null,
  });
}

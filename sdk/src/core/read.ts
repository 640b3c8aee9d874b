import { addressOf, type Client } from "../client.ts";
import { ContractNotFoundError } from "../errors.ts";
import {
  type Address,
  type ContractName,
  type FunctionName,
  type Inputs,
  interfaceOf,
  named,
  type Output,
} from "./abi.ts";
import { explained } from "./failure.ts";
import { callTogether } from "./multicall.ts";

/** Calls a view function at a block, by default the newest. Returns several values by name. */
export async function read<C extends ContractName, M extends FunctionName<C>>(
  client: Client,
  contract: C,
  method: M,
  args: Inputs<C, M>,
  blockTag: number | "latest" = "latest",
): Promise<Output<C, M>> {
  return await readAt(client, contract, addressOf(client, contract), method, args, blockTag);
}

/** The same for a contract that the deployment does not list. */
export async function readAt<C extends ContractName, M extends FunctionName<C>>(
  client: Client,
  contract: C,
  to: Address,
  method: M,
  args: Inputs<C, M>,
  blockTag: number | "latest" = "latest",
): Promise<Output<C, M>> {
  const abi = interfaceOf(contract);
  const data = abi.encodeFunctionData(method, args);
  const call = callTogether(client, { to, data, blockTag });
  const result = await explained(call, { contract, function: method });
  const outputs = abi.getFunction(method)?.outputs ?? [];
  if (result === "0x" && outputs.length > 0) {
    throw new ContractNotFoundError(client.chainId, { [contract]: to });
  }
  const values = named(outputs, abi.decodeFunctionResult(method, result));
  return (outputs.length === 1 ? Object.values(values)[0] : values) as Output<C, M>;
}

/** A block's timestamp, by default the newest block's. */
export async function timeAt(client: Client, blockTag: number | "latest" = "latest"): Promise<bigint> {
  const block = await explained(client.provider.getBlock(blockTag));
  if (!block)
    throw new Error(`The node has no block ${blockTag}. Wait until it has synced, or use another node.`);
  return BigInt(block.timestamp);
}

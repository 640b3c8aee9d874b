import type { TransactionReceipt } from "ethers";
import { addressOf, type Client, checkCall, signerOf } from "../client.ts";
import { ContractNotFoundError, type GridError } from "../errors.ts";
import {
  type Address,
  type ContractName,
  type FunctionName,
  type Hex,
  type Inputs,
  interfaceOf,
  named,
  type Outputs,
} from "./abi.ts";
import { type EventReader, eventReader, type Logs } from "./events.ts";
import { explained } from "./failure.ts";
import { type PreparedTransaction, send } from "./send.ts";

/** Returned by every write besides its own result. */
export type Sent = { readonly hash: Hex; readonly receipt: TransactionReceipt };

/** A contract's function as an action. All its forms check the parameters first. */
export interface WriteAction<Parameters, Result, Simulated> {
  /** Sends the transaction, waits for one confirmation and reads the result from its events. */
  (client: Client, parameters: Parameters): Promise<Sent & Result>;
  /** Calls without a transaction. Returns the function's return values, by name. */
  simulate(client: Client, parameters: Parameters): Promise<Simulated>;
  /** The transaction's gas. */
  estimateGas(client: Client, parameters: Parameters): Promise<bigint>;
  /** The unsigned transaction, for another wallet, a multisig or a relayer. */
  prepare(client: Client, parameters: Parameters): Promise<PreparedTransaction>;
  /** The action's own result from the logs of its transaction, if another wallet sent it. */
  decode(client: Client, receipt: Logs, parameters: Parameters): Result;
}

/** An action with one of several functions, chosen by its parameters. */
export function chooseWrite<Parameters, Result, Simulated>(
  choose: (parameters: Parameters) => WriteAction<Parameters, Result, Simulated>,
): WriteAction<Parameters, Result, Simulated> {
  const chosen = (client: Client, parameters: Parameters) => choose(checkCall(client, parameters));
  return Object.assign(
    async (client: Client, parameters: Parameters) => await chosen(client, parameters)(client, parameters),
    {
      simulate: async (client: Client, parameters: Parameters) =>
        await chosen(client, parameters).simulate(client, parameters),
      estimateGas: async (client: Client, parameters: Parameters) =>
        await chosen(client, parameters).estimateGas(client, parameters),
      prepare: async (client: Client, parameters: Parameters) =>
        await chosen(client, parameters).prepare(client, parameters),
      decode: (client: Client, receipt: Logs, parameters: Parameters) =>
        chosen(client, parameters).decode(client, receipt, parameters),
    },
  );
}

export type WriteDefinition<C extends ContractName, M extends FunctionName<C>, Parameters, Result> = {
  readonly contract: C;
  readonly method: M;
  /** The contract's address. @default the deployment's */
  readonly target?: (parameters: Parameters) => Address;
  /** Checks that need the chain, after those of the parameters. */
  readonly check?: (parameters: Parameters, client: Client) => Promise<void>;
  /** Checks parameters and orders them as the function does. May read the chain. */
  readonly args: (parameters: Parameters, client: Client) => Inputs<C, M> | Promise<Inputs<C, M>>;
  readonly result: (events: EventReader, parameters: Parameters) => Result;
  /** A better error for a failed call, or undefined. */
  readonly explain?: (
    error: unknown,
    parameters: Parameters,
    client: Client,
  ) => Promise<GridError | undefined>;
};

/** `createClient` has not seen this address. A call to it without a contract succeeds and does nothing. */
async function checkTarget(client: Client, contract: ContractName, target: Address): Promise<Address> {
  const code = await explained(client.provider.getCode(target), { contract });
  if (code === "0x") throw new ContractNotFoundError(client.chainId, { [contract]: target });
  return target;
}

export function defineWrite<C extends ContractName, M extends FunctionName<C>, Parameters, Result>(
  definition: WriteDefinition<C, M, Parameters, Result>,
): WriteAction<Parameters, Result, Outputs<C, M>> {
  const { contract, method, target, check, args, result, explain } = definition;
  const call = { contract, function: method };

  async function prepare(client: Client, parameters: Parameters): Promise<PreparedTransaction> {
    const values = await args(checkCall(client, parameters), client);
    await check?.(parameters, client);
    const data = interfaceOf(contract).encodeFunctionData(method, values) as Hex;
    const to = target ? await checkTarget(client, contract, target(parameters)) : addressOf(client, contract);
    const from = (await signerOf(client)?.getAddress()) as Address | undefined;
    return { to, data, value: 0n, chainId: client.chainId, ...(from && { from }) };
  }

  async function simulate(client: Client, parameters: Parameters): Promise<Outputs<C, M>> {
    const transaction = await prepare(client, parameters);
    const calling = explained(client.provider.call(transaction), call);
    const data = await better(calling, client, parameters);
    const values = interfaceOf(contract).decodeFunctionResult(method, data);
    return named(interfaceOf(contract).getFunction(method)?.outputs ?? [], values) as Outputs<C, M>;
  }

  async function estimateGas(client: Client, parameters: Parameters): Promise<bigint> {
    const transaction = await prepare(client, parameters);
    return await better(explained(client.provider.estimateGas(transaction), call), client, parameters);
  }

  async function write(client: Client, parameters: Parameters): Promise<Sent & Result> {
    const transaction = await prepare(client, parameters);
    const receipt = await better(send(client, transaction, call), client, parameters);
    return { hash: receipt.hash as Hex, receipt, ...result(eventReader(client, receipt), parameters) };
  }

  function decode(client: Client, receipt: Logs, parameters: Parameters): Result {
    return result(eventReader(client, receipt), checkCall(client, parameters));
  }

  async function better<T>(calling: Promise<T>, client: Client, parameters: Parameters): Promise<T> {
    try {
      return await calling;
    } catch (error) {
      throw (await explain?.(error, parameters, client)) ?? error;
    }
  }

  return Object.assign(write, { simulate, estimateGas, prepare, decode });
}

import { getAddress } from "ethers";
import { addressOf, type Client } from "../client.ts";
import { EventNotFoundError } from "../errors.ts";
import {
  type Address,
  type ContractName,
  type EventArgs,
  type EventName,
  interfaceOf,
  named,
} from "./abi.ts";

/** A contract's events of this name in a transaction, in order. Its address is the deployment's by default. */
export type EventReader = <C extends ContractName, E extends EventName<C>>(
  contract: C,
  event: E,
  at?: Address,
) => EventArgs<C, E>[];

/** A receipt of a node, or of a wallet's batch. */
export type Logs = {
  readonly logs: readonly {
    readonly address: string;
    readonly topics: readonly string[];
    readonly data: string;
  }[];
};

export function eventReader(client: Client, receipt: Logs): EventReader {
  return (contract, event, at) => {
    const address = at ?? addressOf(client, contract);
    return receipt.logs
      .filter((log) => getAddress(log.address) === address)
      .map((log) => parseEvent(contract, log))
      .filter(({ name }) => name === event)
      .map(({ args }) => args as EventArgs<typeof contract, typeof event>);
  };
}

/** An event of a contract. Its name is undefined if the ABI lacks it. */
export function parseEvent(
  contract: ContractName,
  log: Logs["logs"][number],
): { name: string | undefined; args: object } {
  const parsed = interfaceOf(contract).parseLog(log);
  return { name: parsed?.name, args: named(parsed?.fragment.inputs ?? [], parsed?.args ?? []) };
}

/** The event of a successful action. */
export function one<T>(events: readonly T[]): T {
  const [event] = events;
  if (event === undefined) {
    const advice = "The transaction succeeded. Check the deployment's addresses";
    throw new EventNotFoundError("of the action in its receipt", advice);
  }
  return event;
}

import type { Log, TransactionReceipt } from "ethers";
import { addressOf, type Client } from "../client.ts";
import { type ContractName, type EventArgs, type EventName, interfaceOf, named } from "./abi.ts";

/** The events of a transaction with this name that this contract emitted, in order. */
export type EventReader = <C extends ContractName, E extends EventName<C>>(
  contract: C,
  event: E,
) => EventArgs<C, E>[];

export function eventReader(client: Client, receipt: TransactionReceipt): EventReader {
  return (contract, event) => {
    const address = addressOf(client, contract);
    return receipt.logs
      .filter((log) => log.address === address)
      .map((log) => parseEvent(contract, log))
      .filter(({ name }) => name === event)
      .map(({ args }) => args as EventArgs<typeof contract, typeof event>);
  };
}

/** An event of a contract; without a name if the ABI has none such. */
export function parseEvent(contract: ContractName, log: Log): { name: string | undefined; args: object } {
  const parsed = interfaceOf(contract).parseLog(log);
  return { name: parsed?.name, args: named(parsed?.fragment.inputs ?? [], parsed?.args ?? []) };
}

/** The one event that a transaction cannot succeed without. */
export function one<T>(events: readonly T[]): T {
  const [event] = events;
  if (event === undefined) throw new Error("The transaction succeeded without the event of its action.");
  return event;
}

import { addressOf } from "../client.ts";
import type { AddressInput, ContractName } from "./abi.ts";
import { checkAddress, checkUint } from "./check.ts";
import { defineWrite } from "./write.ts";

export type Approval = {
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** Most base units to take from the caller in all. */
  readonly amount: bigint;
};

/** Lets one of our contracts take a token from the caller. */
export function defineApproval(spender: ContractName) {
  return defineWrite({
    contract: "TestUSD", // Stands for any ERC-20 token.
    method: "approve",
    target: ({ token }: Approval) => checkAddress("token", token),
    args: ({ amount }, client) => [addressOf(client, spender), checkUint("amount", amount, 256)],
    result: () => ({}),
  });
}

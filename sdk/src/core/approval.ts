import { addressOf } from "../client.ts";
import type { Address, AddressInput, ContractName } from "./abi.ts";
import { checkAddress, checkUint } from "./check.ts";
import { readToken } from "./token.ts";
import { defineWrite } from "./write.ts";

/** Uniswap's Permit2, the same on every chain. */
export const PERMIT2: Address = "0x000000000022D473030F116dDEE9F6B43aC78BA3";

export type Approval = {
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** Most base units to take from the caller in all. */
  readonly amount: bigint;
};

/** Lets a contract take a token from the caller. */
export function defineApproval(spender: ContractName | { readonly address: Address }) {
  return defineWrite({
    contract: "TestUSD", // Stands for any ERC-20 token.
    method: "approve",
    target: ({ token }: Approval) => checkAddress("token", token),
    // An ERC-721 token has `approve` too, for one of its ids.
    check: async ({ token }, client) => {
      const place = checkAddress("token", token);
      await readToken(client, place, "allowance", [place, place]);
    },
    args: ({ amount }, client) => [
      typeof spender === "string" ? addressOf(client, spender) : spender.address,
      checkUint("amount", amount, 256),
    ],
    result: () => ({}),
  });
}

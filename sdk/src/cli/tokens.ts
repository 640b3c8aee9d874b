import { Interface } from "ethers";
import type { Client } from "../client.ts";
import type { Address } from "../core/abi.ts";
import type { DecodedCall } from "../governance/calls.ts";

/** A token's symbol and decimals, by its address. */
export type Tokens = ReadonlyMap<string, { readonly symbol: string; readonly decimals: number }>;

/** Amounts among arguments, with the argument that names their token. */
const AMOUNTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CoinSale: { reserve: "token" },
  Commons: { amount: "token" },
};

const ERC20 = new Interface([
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
]);

/** The token of an amount among a call's arguments. */
export function tokenOf({ contract, args }: DecodedCall, name: string): Address | undefined {
  const key = AMOUNTS[contract ?? ""]?.[name];
  return key === undefined ? undefined : (args?.[key] as Address);
}

/** The tokens of all amounts in these calls. A token that does not answer is left out. */
export async function tokensOf(client: Client, calls: readonly DecodedCall[]): Promise<Tokens> {
  return await describeTokens(client, calls.flatMap(tokensIn));
}

/** A token that does not answer is left out. */
export async function describeTokens(client: Client, tokens: readonly Address[]): Promise<Tokens> {
  const entries = [...new Set(tokens)].map(async (address) => {
    try {
      const [symbol, decimals] = await Promise.all([
        readToken(client, address, "symbol"),
        readToken(client, address, "decimals"),
      ]);
      return [[address, { symbol: symbolText(String(symbol)), decimals: Number(decimals) }] as const];
    } catch {
      return [];
    }
  });
  return new Map((await Promise.all(entries)).flat());
}

function tokensIn(call: DecodedCall): Address[] {
  const own = Object.keys(call.args ?? {}).flatMap((name) => tokenOf(call, name) ?? []);
  return [...own, ...(call.inner ?? []).flatMap(tokensIn)];
}

async function readToken({ provider }: Client, to: Address, method: "symbol" | "decimals") {
  const data = await provider.call({ to, data: ERC20.encodeFunctionData(method) });
  return ERC20.decodeFunctionResult(method, data)[0];
}

/** A token's author chooses its symbol. */
function symbolText(symbol: string): string {
  return /^[\w.$-]{1,12}$/.test(symbol) ? symbol : "of the token";
}

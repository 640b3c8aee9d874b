import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Client } from "@benefit-grid/sdk";

/** Names a chain. A test chain is another one after each start. */
export async function chainName({ provider }: Client): Promise<string> {
  return (await provider.getBlock(0))?.hash?.slice(2, 10) ?? "";
}

/** The id in a file, if it is of this chain. */
export async function recall(client: Client, file: string): Promise<bigint | undefined> {
  if (!existsSync(file)) return undefined;
  const { chain, id } = JSON.parse(readFileSync(file, "utf8"));
  return chain === (await chainName(client)) ? BigInt(id) : undefined;
}

export async function remember(client: Client, file: string, id: bigint): Promise<void> {
  writeFileSync(file, `${JSON.stringify({ chain: await chainName(client), id: `${id}` }, null, 2)}\n`);
}

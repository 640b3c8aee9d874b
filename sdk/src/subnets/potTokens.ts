import { addressOf, type Client } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { readLogs, type SearchRange } from "../core/logs.ts";
import { topicOf } from "./epochRuns.ts";

/** Foundation Coin, and all tokens that sponsors paid into a subnet's pots or that another subnet left it. */
export async function potTokens(client: Client, subnetId: bigint, range: SearchRange): Promise<Address[]> {
  const [funded, left] = await Promise.all([
    readLogs(client, "SubnetHub", ["PotFunded"], { ...range, indexed: [null, topicOf(subnetId)] }),
    readLogs(client, "SubnetHub", ["PotBequeathed"], { ...range, indexed: [null, null, topicOf(subnetId)] }),
  ]);
  const tokens = [...funded, ...left].map(({ args }) => args.token);
  return [...new Set([addressOf(client, "FoundationCoin"), ...tokens])];
}

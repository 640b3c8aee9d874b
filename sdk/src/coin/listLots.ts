import { toBeHex } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkCount, checkUint } from "../core/check.ts";
import { addressTopic, readLogs, type SearchRange } from "../core/logs.ts";
import { read, timeAt } from "../core/read.ts";
import type { GetLotReturnType } from "./getLot.ts";
import { lotAt } from "./lots.ts";

export type ListLotsParameters = SearchRange & {
  /** Only lots of this champion. */
  readonly championId?: bigint;
  /** Only lots with a contribution for this account, claimed or not. */
  readonly buyer?: AddressInput;
  /** Keeps at most this many lots, the newest. @default 100 */
  readonly limit?: number;
};
/** Oldest first. */
export type ListLotsReturnType = readonly ({ readonly lotId: bigint } & GetLotReturnType)[];

/**
 * Lots in their present state, from the sale's events since the deployment.
 *
 * @throws {@link InvalidParameterError} for a malformed id, address or block range
 * @example
 * ```ts
 * const lots = await listLots(client, { buyer });
 * const lotIds = lots.filter(({ secondsLeft }) => secondsLeft === 0n).map(({ lotId }) => lotId);
 * ```
 */
export async function listLots(
  client: Client,
  parameters: ListLotsParameters = {},
): Promise<ListLotsReturnType> {
  const { championId, buyer, limit = 100, ...range } = checkCall(client, parameters);
  checkCount("limit", limit, 1);
  const champion = championId === undefined ? null : toBeHex(checkUint("championId", championId, 32), 32);
  const account = buyer === undefined ? null : addressTopic(checkAddress("buyer", buyer));
  const opened = await readLogs(client, "CoinSale", ["LotOpened"], { ...range, indexed: [null, champion] });
  const ids = opened.map(({ args }) => args.lotId);
  if (account === null) return await readLots(client, ids.slice(-limit));
  const paid = await readLogs(client, "CoinSale", ["Contributed"], { ...range, indexed: [null, account] });
  const bought = new Set(paid.map(({ args }) => args.lotId));
  return await readLots(client, ids.filter((lotId) => bought.has(lotId)).slice(-limit));
}

async function readLots(client: Client, ids: readonly bigint[]): Promise<ListLotsReturnType> {
  const now = await timeAt(client);
  return await Promise.all(
    ids.map(async (lotId) => ({ lotId, ...lotAt(await read(client, "CoinSale", "lotOf", [lotId]), now) })),
  );
}

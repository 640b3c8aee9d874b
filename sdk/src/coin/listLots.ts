import { toBeHex } from "ethers";
import type { Client } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { addressTopic, type BlockRange, readLogs } from "../core/logs.ts";
import { type GetLotReturnType, getLot } from "./getLot.ts";

export type ListLotsParameters = BlockRange & {
  /** Only this champion's. */
  readonly championId?: bigint;
  /** Only lots that somebody contributed to for this account, claimed or not. */
  readonly buyer?: AddressInput;
};
/** Oldest first. */
export type ListLotsReturnType = readonly ({ readonly lotId: bigint } & GetLotReturnType)[];

/**
 * Lots as they are now, from the sale's events since the deployment.
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
  { championId, buyer, ...range }: ListLotsParameters = {},
): Promise<ListLotsReturnType> {
  const champion = championId === undefined ? null : toBeHex(checkUint("championId", championId, 32), 32);
  const account = buyer === undefined ? null : addressTopic(checkAddress("buyer", buyer));
  const opened = await readLogs(client, "CoinSale", ["LotOpened"], { ...range, indexed: [null, champion] });
  const ids = new Set(opened.map(({ args }) => args.lotId));
  if (account === null) return await getLots(client, [...ids]);
  const paid = await readLogs(client, "CoinSale", ["Contributed"], { ...range, indexed: [null, account] });
  const bought = new Set(paid.map(({ args }) => args.lotId));
  return await getLots(
    client,
    [...ids].filter((lotId) => bought.has(lotId)),
  );
}

async function getLots(client: Client, ids: readonly bigint[]): Promise<ListLotsReturnType> {
  return await Promise.all(ids.map(async (lotId) => ({ lotId, ...(await getLot(client, { lotId })) })));
}

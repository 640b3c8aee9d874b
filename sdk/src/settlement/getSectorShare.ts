import { ZeroAddress } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetSectorShareParameters = {
  /** The sector's number in offers. */
  readonly sector: bigint;
};
export type GetSectorShareReturnType = {
  /** Earns the part, such as the feed of a subnet. */
  readonly account: Address | undefined;
  /** Basis points of what applications leave of the platform's part. */
  readonly bps: bigint;
};

/**
 * A sector's part of the platform's leg of metered use.
 *
 * @throws {@link InvalidParameterError} for a malformed number
 * @example
 * ```ts
 * const { account, bps } = await getSectorShare(client, { sector: 1n });
 * ```
 */
export async function getSectorShare(
  client: Client,
  parameters: GetSectorShareParameters,
): Promise<GetSectorShareReturnType> {
  const sector = checkUint("sector", checkCall(client, parameters).sector, 16);
  const { account, bps } = await read(client, "SettlementRouter", "sectorShareOf", [sector]);
  return { account: account === ZeroAddress ? undefined : account, bps };
}

import { type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetQualityParameters = { readonly sector: bigint; readonly championId: bigint };
export type GetQualityReturnType = {
  /** In 2^-16: 65536 is 1. */
  readonly quality: bigint;
  /** The sector's sovereign subnet. Without one, quality is 1. */
  readonly subnetId: bigint | undefined;
};

/**
 * A champion's quality in a sector: its incentive over the best one in the last epoch with incentives. The mine counts
 * free use times quality. It is 1 while that epoch is more than 4 epochs ago, or there is none. It is also 1 while the
 * sector's validators have less than `minTotalStake`, or revealed with less in the last run epoch.
 *
 * @throws {@link InvalidParameterError} for a malformed number
 * @example
 * ```ts
 * const { quality } = await getQuality(client, { sector: 1n, championId: 1n });
 * ```
 */
export async function getQuality(
  client: Client,
  parameters: GetQualityParameters,
): Promise<GetQualityReturnType> {
  const { sector, championId } = checkCall(client, parameters);
  const number = checkUint("sector", sector, 16);
  const [quality, subnetId] = await Promise.all([
    read(client, "SubnetHub", "qualityOf", [number, checkUint("championId", championId, 32)]),
    read(client, "SubnetHub", "sovereignOf", [number]),
  ]);
  return { quality, subnetId: subnetId || undefined };
}

import { type Client, checkCall } from "../client.ts";
import type { Address, Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import type { SearchRange } from "../core/logs.ts";
import { epochLogs } from "./epochRuns.ts";
import { unpackWeights } from "./weights.ts";

export type ListWeightsParameters = SearchRange & { readonly subnetId: bigint; readonly epoch: bigint };
/** In the order of the reveals. */
export type ListWeightsReturnType = readonly {
  readonly validator: Address;
  /** The validator's slot. */
  readonly slot: bigint;
  /** From 0 to 65535, by the miners' slots. Missing ones at the end are 0. */
  readonly weights: readonly bigint[];
  /** Hash of the evidence for the scores, see `parseEvidence`. */
  readonly evidenceHash: Hex;
  /** Address of the evidence. */
  readonly uri: string;
}[];

/**
 * The weights that validators revealed in an epoch. `explainReward` says how they count.
 *
 * @throws {@link InvalidParameterError} for a malformed id, epoch or block range
 * @throws {@link LogScanError} when the node fails
 * @example
 * ```ts
 * for (const { validator, weights, uri } of await listWeights(client, { subnetId: 1n, epoch: 1n }))
 *   console.log(validator, weights, uri);
 * ```
 */
export async function listWeights(
  client: Client,
  parameters: ListWeightsParameters,
): Promise<ListWeightsReturnType> {
  const { subnetId, epoch, ...range } = checkCall(client, parameters);
  const place = [checkUint("subnetId", subnetId, 32), checkUint("epoch", epoch, 32)] as const;
  const logs = await epochLogs(client, "WeightsRevealed", ...place, range);
  return logs.map(({ args: { validator, slot, weights, evidenceHash, uri } }) => ({
    validator,
    slot,
    weights: unpackWeights(weights),
    evidenceHash,
    uri,
  }));
}

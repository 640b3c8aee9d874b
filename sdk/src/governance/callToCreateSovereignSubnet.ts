import { addressOf, type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkHex, checkUint } from "../core/check.ts";
import { checkSubnetParams, type SubnetParams } from "../shared/subnet.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToCreateSovereignSubnetParameters = {
  /** The sector's number in offers and in the mine. */
  readonly sector: bigint;
  readonly params: SubnetParams;
  /** SHA-256 of the description: the task, and how validators score it. */
  readonly metadataHash: Hex;
  /** Address of the description. */
  readonly uri: string;
};
export type CallToCreateSovereignSubnetReturnType = ReadyCall;

/**
 * Builds a call to create the sovereign subnet of a sector, for a proposal. Its validators decide the quality of the
 * sector's champions.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const { params } = await getSubnetDefaults(client);
 * const call = callToCreateSovereignSubnet(client, {
 *   sector: 1n,
 *   params,
 *   metadataHash: contentHash,
 *   uri: "https://subnets.example/health",
 * });
 * ```
 */
export function callToCreateSovereignSubnet(
  client: Client,
  parameters: CallToCreateSovereignSubnetParameters,
): CallToCreateSovereignSubnetReturnType {
  const { sector, params, metadataHash, uri } = checkCall(client, parameters);
  const number = checkUint("sector", sector, 16);
  const checked = checkSubnetParams(params);
  const args = [number, checked, checkHex("metadataHash", metadataHash, 32), uri] as const;
  const { tempo, maxValidators, maxMiners } = checked;
  const summary = `Create the sovereign subnet of sector ${number}: epochs of ${tempo} seconds, ${maxValidators} validators and ${maxMiners} champions, described at ${uri}`;
  return readyCall(addressOf(client, "SubnetHub"), "SubnetHub", "createSovereign", args, summary);
}

import { addressOf, type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToRetireSubnetParameters = {
  /** A sovereign subnet. */
  readonly subnetId: bigint;
};
export type CallToRetireSubnetReturnType = ReadyCall;

/**
 * Builds a call to end a sovereign subnet after the epoch of its execution, for a proposal. Quality in its sector is 1 then,
 * until another one has run an epoch. Run the pending epoch before: otherwise the call fails.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @example
 * ```ts
 * const call = callToRetireSubnet(client, { subnetId: 1n });
 * ```
 */
export function callToRetireSubnet(
  client: Client,
  parameters: CallToRetireSubnetParameters,
): CallToRetireSubnetReturnType {
  const subnetId = checkUint("subnetId", checkCall(client, parameters).subnetId, 32);
  const target = addressOf(client, "SubnetHub");
  return readyCall(target, "SubnetHub", "retire", [subnetId], `Retire the sovereign subnet ${subnetId}`);
}

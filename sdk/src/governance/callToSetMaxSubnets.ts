import { addressOf, type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToSetMaxSubnetsParameters = {
  /** Most open subnets that are not retired. */
  readonly maximum: bigint;
};
export type CallToSetMaxSubnetsReturnType = ReadyCall;

/**
 * Builds a call to set the maximum number of open subnets, for a proposal. Existing ones stay.
 *
 * @throws {@link InvalidParameterError} for a malformed number
 * @example
 * ```ts
 * const call = callToSetMaxSubnets(client, { maximum: 128n });
 * ```
 */
export function callToSetMaxSubnets(
  client: Client,
  parameters: CallToSetMaxSubnetsParameters,
): CallToSetMaxSubnetsReturnType {
  const maximum = checkUint("maximum", checkCall(client, parameters).maximum, 32);
  const target = addressOf(client, "SubnetHub");
  const summary = `Allow ${maximum} open subnets at the same time`;
  return readyCall(target, "SubnetHub", "setMaxSubnets", [maximum], summary);
}

import { addressOf, type Client, checkCall } from "../client.ts";
import { checkSubnetParams, type SubnetParams } from "../shared/subnet.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToSetDefaultParamsParameters = { readonly params: SubnetParams };
export type CallToSetDefaultParamsReturnType = ReadyCall;

/**
 * Builds a call to set the parameters of future subnets without a parent, for a proposal. Existing ones keep theirs.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const { params } = await getSubnetDefaults(client);
 * const call = callToSetDefaultParams(client, { params: { ...params, tempo: 86_400n } });
 * ```
 */
export function callToSetDefaultParams(
  client: Client,
  parameters: CallToSetDefaultParamsParameters,
): CallToSetDefaultParamsReturnType {
  const params = checkSubnetParams(checkCall(client, parameters).params);
  const list = Object.entries(params).map(([name, value]) => `${name} ${value}`);
  const summary = `Set the parameters of new subnets: ${list.join(", ")}`;
  return readyCall(addressOf(client, "SubnetHub"), "SubnetHub", "setDefaultParams", [params], summary);
}

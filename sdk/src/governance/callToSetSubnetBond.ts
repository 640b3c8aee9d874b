import { addressOf, type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToSetSubnetBondParameters = {
  /** Base units of Foundation Coin, 10^8 to a coin. */
  readonly bond: bigint;
};
export type CallToSetSubnetBondReturnType = ReadyCall;

/**
 * Builds a call to set the bond of future open subnets, for a proposal. Existing ones keep theirs.
 *
 * @throws {@link InvalidParameterError} for a malformed amount
 * @example
 * ```ts
 * const call = callToSetSubnetBond(client, { bond: 500n * 10n ** 8n });
 * ```
 */
export function callToSetSubnetBond(
  client: Client,
  parameters: CallToSetSubnetBondParameters,
): CallToSetSubnetBondReturnType {
  const bond = checkUint("bond", checkCall(client, parameters).bond, 64);
  const target = addressOf(client, "SubnetHub");
  const summary = `Set the bond of new subnets to ${bond} base units of the coin`;
  return readyCall(target, "SubnetHub", "setSubnetBond", [bond], summary);
}

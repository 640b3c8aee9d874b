import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToBequeathPotParameters = {
  /** A retired subnet. */
  readonly subnetId: bigint;
  /** ERC-20 token. */
  readonly token: AddressInput;
  readonly epoch: bigint;
  /** The subnet that receives the money. */
  readonly heirId: bigint;
};
export type CallToBequeathPotReturnType = ReadyCall;

/**
 * Builds a call to move money without a known sponsor from a retired subnet to another, for a proposal: fees of miners, and
 * pots that were rolled over. Amounts that sponsors can reclaim stay. The heir's current epoch gets it,
 * from the phase Score on the next one.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const call = callToBequeathPot(client, { subnetId: 1n, token, epoch: 3n, heirId: 2n });
 * ```
 */
export function callToBequeathPot(
  client: Client,
  parameters: CallToBequeathPotParameters,
): CallToBequeathPotReturnType {
  const { subnetId, token, epoch, heirId } = checkCall(client, parameters);
  const args = [
    checkUint("subnetId", subnetId, 32),
    checkAddress("token", token),
    checkUint("epoch", epoch, 32),
    checkUint("heirId", heirId, 32),
  ] as const;
  const summary = `Move the pot of token ${args[1]} of epoch ${epoch} from subnet ${subnetId} to subnet ${heirId}`;
  return readyCall(addressOf(client, "SubnetHub"), "SubnetHub", "bequeath", args, summary);
}

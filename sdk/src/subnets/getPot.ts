import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetPotParameters = {
  readonly subnetId: bigint;
  /** ERC-20 token. */
  readonly token: AddressInput;
  readonly epoch: bigint;
};
/** Base units. */
export type GetPotReturnType = {
  /** Claims do not lower it. */
  readonly total: bigint;
  /** Part of it that sponsors could reclaim if the subnet were retired. */
  readonly sponsored: bigint;
};

/**
 * The pot of an epoch. It is final once the epoch is over, if the epoch pays anybody.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link ContractRevertError} `SubnetNonexistent`
 * @example
 * ```ts
 * const { total } = await getPot(client, { subnetId: 1n, token, epoch: 1n });
 * ```
 */
export async function getPot(client: Client, parameters: GetPotParameters): Promise<GetPotReturnType> {
  const { subnetId, token, epoch } = checkCall(client, parameters);
  const id = checkUint("subnetId", subnetId, 32);
  const place = [id, checkAddress("token", token), checkUint("epoch", epoch, 32)] as const;
  const [pot] = await Promise.all([
    read(client, "SubnetHub", "potOf", place),
    read(client, "SubnetHub", "subnetOf", [id]),
  ]);
  return pot;
}
